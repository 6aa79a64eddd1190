package dev.podbond.bonding.plan;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Change.DeleteLink;
import dev.podbond.bonding.change.Change.Move;
import dev.podbond.bonding.change.Change.RemoveAddress;
import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.FailOverMac;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Plans that remove an attachment and restore its members and VFs.
///
/// They rest on the record and on what is found now, never on what ADD should have done. So the
/// same plan removes a finished attachment, one whose ADD was killed half way and one whose
/// namespace is gone, and a second plan made after the first is empty. Their steps need no undo:
/// execute them with [dev.podbond.bonding.change.Execution#runAll].
public final class AttachmentRemoval {
  private AttachmentRemoval() {}

  /// Deletes the VLAN and the bond and restores every member's MAC, MTU, names, place and
  /// administrative state, as far as they differ. It skips whatever is missing, and any member that
  /// is in another bond now. It treats only a link of kind bond as the bond. The kernel itself
  /// takes a bond down that it deletes.
  public static Plan plan(Attachment attachment, NodeFacts facts) {
    List<Change> changes = new ArrayList<>();
    attachment
        .vlan()
        .flatMap(name -> facts.link(Place.POD, name))
        .filter(link -> link.kind().equals("vlan"))
        .ifPresent(link -> changes.add(new DeleteLink(link.ref(), "vlan")));
    Optional<LinkFacts> bond = attachment.bond().flatMap(names -> BondPlanner.find(names, facts));
    bond.ifPresent(link -> changes.add(new DeleteLink(link.ref(), "bond")));
    NodeFacts after = bond.map(link -> without(link, facts)).orElse(facts);
    for (SavedLink saved : attachment.members()) {
      saved
          .locate(after)
          .filter(link -> link.member().isEmpty())
          .ifPresent(link -> changes.addAll(restoring(saved, link, after)));
    }
    for (SavedVf saved : attachment.vfs()) {
      changes.addAll(VfPlanner.restoring(saved, after));
    }
    return new Plan(changes.stream().map(Step::of).toList());
  }

  /// Takes the attachment's addresses off its interface, after which they may be given to others.
  public static Plan addresses(Attachment attachment, NodeFacts facts) {
    LinkRef ref = attachment.addressed();
    return new Plan(
        facts.link(ref.place(), ref.name()).stream()
            .flatMap(link ->
                link.addresses().stream()
                    .filter(attachment.addresses()::contains)
                    .map(address -> Step.of(new RemoveAddress(link.ref(), address))))
            .toList());
  }

  private static List<Change> restoring(SavedLink saved, LinkFacts now, NodeFacts facts) {
    LinkRestore link = new LinkRestore(saved, now, facts);
    link.restoreMac();
    link.goHome();
    return link.changes();
  }

  /// Deletes a bond that bond-cni made, or whose record is lost. It does so only if a link of kind
  /// bond answers to one of its names and all its members are configured members. Members that came
  /// from the host go back there; of their former state we know only what the kernel restores.
  /// Without such a bond there is no evidence that ADD took anything from the host: after a refused
  /// ADD, for example, a link with a configured name may be the pod's own.
  ///
  /// @param links the names in the configuration's `links`
  public static Plan unrecorded(
      BondNames names, List<String> links, boolean linksInContainer, NodeFacts facts) {
    Optional<LinkFacts> found = BondPlanner.find(names, facts);
    List<LinkFacts> members = found.map(bond -> members(bond, facts)).orElse(List.of());
    boolean isForeign =
        members.stream().anyMatch(member -> links.stream().noneMatch(member::answersTo));
    if (found.isEmpty() || isForeign) {
      return Plan.NOTHING;
    }
    List<Change> changes = new ArrayList<>();
    changes.add(new DeleteLink(found.get().ref(), "bond"));
    if (!linksInContainer) {
      Set<String> taken = new HashSet<>();
      links.stream()
          .flatMap(name -> facts.link(Place.POD, name).stream())
          .filter(link -> !link.equals(found.get()))
          .filter(link -> link.member().isEmpty() || members.contains(link))
          .distinct()
          .forEach(link -> {
            String home =
                FreeName.near(
                    link.name(),
                    name -> taken.contains(name) || facts.link(Place.HOST, name).isPresent());
            taken.add(home);
            if (link.up() && !members.contains(link)) {
              changes.add(new SetAdminState(link.ref(), false));
            }
            changes.add(new Move(link.ref(), LinkRef.host(home)));
          });
    }
    return new Plan(changes.stream().map(Step::of).toList());
  }

  static List<LinkFacts> members(LinkFacts bond, NodeFacts facts) {
    return facts.links().stream()
        .filter(link -> link.ref().place() == bond.ref().place())
        .filter(link -> link.member().filter(member -> isIn(bond, member)).isPresent())
        .toList();
  }

  private static boolean isIn(LinkFacts bond, MemberFacts member) {
    return member.bond().equals(bond.name());
  }

  /// The facts as they will be after the bond is deleted: its members are down, without a master,
  /// and have the MAC that they had when they joined (`__bond_release_one`).
  private static NodeFacts without(LinkFacts bond, NodeFacts facts) {
    List<LinkFacts> members = members(bond, facts);
    List<LinkFacts> links =
        facts.links().stream()
            .filter(link -> !link.equals(bond))
            .map(link -> members.contains(link) ? released(link, bond) : link)
            .toList();
    Map<PciAddress, VfFacts> vfs = new HashMap<>(facts.vfs());
    return new NodeFacts(links, vfs, facts.routes());
  }

  private static LinkFacts released(LinkFacts link, LinkFacts bond) {
    Optional<MacAddress> mac =
        keepsOwnMac(bond)
            ? link.mac()
            : link.member().flatMap(MemberFacts::permanentMac).or(link::mac);
    return new LinkFacts(
        link.ref(),
        link.index(),
        link.altNames(),
        link.kind(),
        link.type(),
        mac,
        link.mtuBytes(),
        false,
        false,
        Optional.empty(),
        link.pci(),
        link.bond(),
        link.addresses(),
        link.tuning());
  }

  /// Whether the driver never touched the members' MACs: active-backup with failOverMac active.
  private static boolean keepsOwnMac(LinkFacts bond) {
    BondOptions options = bond.bond().orElse(new BondOptions(Map.of()));
    return BondMode.of(options.number(BondOption.MODE))
        .filter(mode -> FailOverMac.of(mode, options) == FailOverMac.ACTIVE)
        .isPresent();
  }
}
