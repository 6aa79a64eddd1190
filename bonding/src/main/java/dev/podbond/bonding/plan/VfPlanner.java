package dev.podbond.bonding.plan;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Change.AddAltName;
import dev.podbond.bonding.change.Change.Move;
import dev.podbond.bonding.change.Change.RemoveAltName;
import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.change.Change.SetMac;
import dev.podbond.bonding.change.Change.SetSysctl;
import dev.podbond.bonding.change.Change.SetVf;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.config.SriovConfig;
import dev.podbond.bonding.config.VfConfig;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Plans that move a VF into a pod and bring it back.
///
/// A VF's administrative MAC has a trap. Its driver learns of it only when it resets the VF; igbvf
/// does that when the link goes down. Until then the VF sends from its old MAC, which the PF drops,
/// and setting the very MAC that the PF wants fails with EADDRNOTAVAIL. So we always take the VF
/// down after setting its administrative MAC, and set its own MAC after that.
public final class VfPlanner {
  private VfPlanner() {}

  /// The record of an attachment of one VF, to be stored before [#attach] is executed.
  ///
  /// @param json the original configuration
  /// @throws IllegalArgumentException if the facts lack the VF, which preflight refuses
  public static Attachment prepare(
      AttachmentKey key, String netns, JsonObject json, SriovConfig config, NodeFacts facts) {
    return Attachment.prepared(key, config.network(), "sriov", netns, json)
        .withTaken(List.of(), List.of(save(config.device(), config.vf(), key.ifname(), facts)));
  }

  /// The VF as it is now, with the settings that [#attach] will change.
  static SavedVf save(PciAddress pci, VfConfig config, String podName, NodeFacts facts) {
    VfFacts vf = vf(pci, facts);
    return new SavedVf(
        vf.ref(),
        netdev(vf, facts).map(link -> SavedLink.of(link, podName)),
        vf.pfSide(),
        VfSteps.needed(config, vf.pfSide()));
  }

  /// Sets the VF up through its PF and moves it into the pod, up, under the name of `podLink`. A VF
  /// driven by user space is only set up.
  ///
  /// @throws IllegalArgumentException if the facts lack the VF, which preflight refuses
  public static Plan attach(PciAddress pci, VfConfig config, LinkRef podLink, NodeFacts facts) {
    Plan bring = bring(pci, config, podLink, facts);
    return netdev(vf(pci, facts), facts).isEmpty()
        ? bring
        : bring.then(new PlanBuilder().up(podLink).plan());
  }

  /// As [#attach], but leaves the link down.
  static Plan bring(PciAddress pci, VfConfig config, LinkRef podLink, NodeFacts facts) {
    VfFacts vf = vf(pci, facts);
    VfSettings before = vf.pfSide();
    VfSettings changed = VfSteps.needed(config, before);
    PlanBuilder builder = new PlanBuilder();
    for (VfSettings one : VfSteps.singly(VfSteps.withoutMac(changed))) {
      builder.add(new SetVf(vf.ref(), one), undo(vf, one));
    }
    Optional<LinkFacts> netdev = netdev(vf, facts);
    if (netdev.isEmpty()) {
      changed
          .adminMac()
          .map(VfSteps::adminMac)
          .ifPresent(mac -> builder.add(new SetVf(vf.ref(), mac), undo(vf, mac)));
      return builder.plan();
    }
    LinkFacts link = netdev.get();
    LinkRef home = link.ref();
    if (link.up()) {
      builder.down(home);
    }
    Optional<Boolean> trust = changed.trust().or(before::trust);
    changed.adminMac().ifPresent(mac -> adminMac(builder, vf, link, mac, trust));
    if (link.altNames().contains(podLink.name())) {
      builder.add(new RemoveAltName(home, podLink.name()), new AddAltName(home, podLink.name()));
    }
    builder.add(new Move(home, podLink), new Move(podLink, home));
    builder.add(new SetSysctl(Place.POD, "ipv4/conf/" + podLink.name() + "/arp_notify", "1"));
    builder.add(new SetSysctl(Place.POD, "ipv6/conf/" + podLink.name() + "/ndisc_notify", "1"));
    changed.adminMac().ifPresent(mac -> builder.add(new SetMac(podLink, mac)));
    return builder.plan();
  }

  private static void adminMac(
      PlanBuilder builder, VfFacts vf, LinkFacts link, MacAddress mac, Optional<Boolean> trust) {
    List<Change> undo = new ArrayList<>();
    vf.pfSide()
        .adminMac()
        .ifPresent(before -> {
          undo.add(new SetVf(vf.ref(), VfSteps.adminMac(before)));
          undo.addAll(VfSteps.adoption(link.ref(), before));
        });
    link.mac()
        .filter(before -> mayHave(before, vf.pfSide(), trust))
        .ifPresent(before -> undo.add(new SetMac(link.ref(), before)));
    builder.add(new SetVf(vf.ref(), VfSteps.adminMac(mac)), undo);
    builder.add(new SetAdminState(link.ref(), true), new SetAdminState(link.ref(), false));
    builder.add(new SetAdminState(link.ref(), false));
  }

  private static List<Change> undo(VfFacts vf, VfSettings set) {
    return VfSteps.singly(VfSteps.undoOf(set, vf.pfSide())).stream()
        .<Change>map(before -> new SetVf(vf.ref(), before))
        .toList();
  }

  /// Restores a VF, wherever it is and however much of [#attach] was done: in the pod, in a bond or
  /// not, on the host under its pod name because the pod's namespace is gone, or at home already.
  /// It changes only what differs. The steps need no undo: execute it with
  /// [dev.podbond.bonding.change.Execution#runAll].
  ///
  /// If its name on the host is taken now, the VF gets a similar free name, so that it is not left
  /// behind.
  public static Plan restore(SavedVf saved, NodeFacts facts) {
    return new Plan(restoring(saved, facts).stream().map(Step::of).toList());
  }

  static List<Change> restoring(SavedVf saved, NodeFacts facts) {
    VfRef vf = facts.vf(saved.pci()).map(VfFacts::ref).orElse(saved.vf());
    VfSettings now = facts.vf(saved.pci()).map(VfFacts::pfSide).orElse(VfSettings.NONE);
    VfSettings back = VfSteps.undoOf(saved.changed(), saved.before());
    Optional<MacAddress> adminMac =
        back.adminMac().filter(mac -> !now.adminMac().equals(Optional.of(mac)));
    List<Change> pfSide =
        VfSteps.singly(VfSteps.without(VfSteps.withoutMac(back), now)).stream()
            .<Change>map(one -> new SetVf(vf, one))
            .toList();
    Optional<LinkFacts> found = saved.link().flatMap(link -> link.locate(facts));
    List<Change> changes = new ArrayList<>();
    if (saved.link().isEmpty() || found.isEmpty()) {
      adminMac.ifPresent(mac -> changes.add(new SetVf(vf, VfSteps.adminMac(mac))));
      changes.addAll(pfSide);
      return changes;
    }
    LinkRestore link = new LinkRestore(saved.link().get(), found.get(), facts);
    link.release();
    boolean mayHaveItsMac =
        saved
            .link()
            .get()
            .mac()
            .filter(mac -> mayHave(mac, saved.before(), now.trust()))
            .isPresent();
    if (adminMac.isPresent()) {
      link.down();
      link.add(new SetVf(vf, VfSteps.adminMac(adminMac.get())));
      VfSteps.adoption(found.get().ref(), adminMac.get()).forEach(link::add);
      if (mayHaveItsMac) {
        link.setMac();
      }
    } else if (pfHoldsForeignMac(saved, found.get(), now)) {
      link.down();
      VfSteps.reset(found.get().ref()).forEach(link::add);
      link.setMac();
    } else if (mayHaveItsMac) {
      link.restoreMac();
    }
    pfSide.forEach(link::add);
    link.goHome();
    return link.changes();
  }

  /// Whether the VF can get its old MAC back. An untrusted VF cannot if, at ADD time, the PF's
  /// administrative MAC differed from the VF's: the PF then rejects the old MAC. Restoring that
  /// state is impossible and pointless, since the VF passed no traffic in it. When the VF goes
  /// down, it adopts the MAC that its PF holds.
  ///
  /// @param trust of the VF at the time of setting the MAC
  private static boolean mayHave(MacAddress own, VfSettings before, Optional<Boolean> trust) {
    return trust.orElse(false)
        || before.adminMac().filter(held -> !held.isZero() && !held.equals(own)).isEmpty();
  }

  /// Whether the PF filters on a MAC that a bond once gave the VF, whatever the VF's interface
  /// reports. We can tell only if the PF's administrative MAC equalled the VF's MAC at ADD. The
  /// problem occurs only when the namespace was destroyed before the bond was removed: a
  /// balance-tlb bond moves MACs among interfaces without telling the hardware.
  private static boolean pfHoldsForeignMac(SavedVf saved, LinkFacts found, VfSettings now) {
    Optional<MacAddress> before = saved.before().adminMac();
    return found.ref().place() == Place.HOST
        && before.isPresent()
        && before.equals(saved.link().flatMap(SavedLink::mac))
        && !before.equals(now.adminMac());
  }

  static VfFacts vf(PciAddress pci, NodeFacts facts) {
    return facts
        .vf(pci)
        .orElseThrow(() -> new IllegalArgumentException("no facts about a VF " + pci));
  }

  static Optional<LinkFacts> netdev(VfFacts vf, NodeFacts facts) {
    return facts.links().stream()
        .filter(link -> link.pci().equals(Optional.of(vf.pci())))
        .findFirst();
  }
}
