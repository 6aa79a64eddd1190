package dev.podbond.bonding.plan;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Change.Enslave;
import dev.podbond.bonding.change.Change.Release;
import dev.podbond.bonding.change.Change.SetMemberOptions;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.MemberOptions;
import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.config.SriovConfig;
import dev.podbond.bonding.config.VfConfig;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.PciAddress;
import dev.podbond.bonding.net.Place;
import java.util.Optional;

/// Plans that bring a member back into its place: its driver was reloaded or its device reset, so
/// that its interface was made anew, outside the bond and perhaps outside the pod.
///
/// Only what came back is touched. A member that somebody took down, or put into another bond,
/// stays as it is: that may be meant.
public final class Repair {
  private Repair() {}

  /// Joins every member to the bond that is in none.
  ///
  /// @param config what the attachment was made from
  public static Plan ofBond(Attachment record, BondConfig config, NodeFacts facts) {
    Optional<LinkFacts> bond = record.bond().flatMap(names -> BondPlanner.find(names, facts));
    if (record.phase() != Phase.COMPLETE || bond.isEmpty()) {
      return Plan.NOTHING;
    }
    LinkRef master = bond.get().ref();
    Plan plan = Plan.NOTHING;
    for (SavedLink saved : record.members()) {
      LinkRef place = LinkRef.pod(saved.podName());
      Optional<LinkFacts> now = facts.link(Place.POD, saved.podName());
      if (now.isPresent() && isFree(now.get(), saved)) {
        plan = plan.then(join(place, now.get().up(), options(config, saved), master));
      }
    }
    for (SavedVf saved : record.vfs()) {
      plan = plan.then(ofDevice(saved, config, master, facts));
    }
    return plan;
  }

  /// A link of the member's name that is another device is not the member.
  private static boolean isFree(LinkFacts now, SavedLink saved) {
    return now.member().isEmpty()
        && now.kind().equals(saved.kind())
        && now.pci().equals(saved.pci());
  }

  private static Plan ofDevice(SavedVf saved, BondConfig config, LinkRef master, NodeFacts facts) {
    Optional<MemberSpec.Device> spec = device(config, saved.pci());
    Optional<LinkFacts> now = facts.vf(saved.pci()).flatMap(vf -> VfPlanner.netdev(vf, facts));
    if (spec.isEmpty() || saved.link().isEmpty() || now.isEmpty()) {
      return Plan.NOTHING;
    }
    LinkRef place = LinkRef.pod(saved.link().get().podName());
    MemberOptions options = spec.get().options();
    if (now.get().ref().place() == Place.HOST) {
      return VfPlanner.bring(saved.pci(), spec.get().vf(), place, facts)
          .then(join(place, false, options, master));
    }
    return now.get().member().isEmpty()
        ? join(now.get().ref(), now.get().up(), options, master)
        : Plan.NOTHING;
  }

  private static Plan join(LinkRef link, boolean up, MemberOptions options, LinkRef master) {
    Draft draft = new Draft();
    if (up) {
      draft.down(link);
    }
    draft.then(new Enslave(link, master), new Release(link, master));
    if (!options.isDefault()) {
      draft.then(new SetMemberOptions(link, options.priority(), options.queueId()));
    }
    return draft.plan();
  }

  private static Optional<MemberSpec.Device> device(BondConfig config, PciAddress pci) {
    return config.members().stream()
        .filter(MemberSpec.Device.class::isInstance)
        .map(MemberSpec.Device.class::cast)
        .filter(device -> device.pci().equals(pci))
        .findFirst();
  }

  private static MemberOptions options(BondConfig config, SavedLink saved) {
    return config.members().stream()
        .filter(spec -> spec.knownName().equals(Optional.of(saved.podName())))
        .findFirst()
        .map(MemberSpec::options)
        .orElse(MemberOptions.DEFAULT);
  }

  /// Takes a VF into its pod again that is back on the host.
  ///
  /// @param config what the attachment was made from
  public static Plan ofVf(Attachment record, SriovConfig config, NodeFacts facts) {
    boolean isOurs = record.vfs().stream().anyMatch(vf -> vf.pci().equals(config.device()));
    if (record.phase() != Phase.COMPLETE || !isOurs) {
      return Plan.NOTHING;
    }
    return facts
        .vf(config.device())
        .flatMap(vf -> VfPlanner.netdev(vf, facts))
        .filter(link -> link.ref().place() == Place.HOST)
        .map(_ -> again(config.vf(), config.device(), record, facts))
        .orElse(Plan.NOTHING);
  }

  private static Plan again(VfConfig vf, PciAddress pci, Attachment record, NodeFacts facts) {
    return VfPlanner.attach(pci, vf, LinkRef.pod(record.key().ifname()), facts);
  }
}
