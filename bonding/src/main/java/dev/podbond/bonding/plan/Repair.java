package dev.podbond.bonding.plan;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.attachment.SavedVf;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.MemberOptions;
import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.config.SriovConfig;
import dev.podbond.bonding.config.VfConfig;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Plans that put a member back into its place: its driver was reloaded or its device was reset, so
/// that its interface was made anew, outside the bond and perhaps outside the pod.
///
/// They touch only what came back. If somebody took a member down or put it into another bond, it
/// stays so: that may be intended.
public final class Repair {
  private Repair() {}

  /// Joins every member that is in no bond.
  ///
  /// @param config the configuration of the attachment
  public static Plan ofBond(Attachment record, BondConfig config, NodeFacts facts) {
    Optional<LinkFacts> bond = record.bond().flatMap(names -> BondPlanner.find(names, facts));
    if (record.phase() != Phase.COMPLETE || bond.isEmpty()) {
      return Plan.NOTHING;
    }
    LinkFacts master = bond.get();
    Plan plan = Plan.NOTHING;
    for (SavedLink saved : record.members()) {
      Optional<LinkFacts> now = facts.link(Place.POD, saved.podName());
      if (now.isPresent() && isFree(now.get(), saved)) {
        Member member = new Member(spec(config, saved), now.get(), saved.podName());
        plan = plan.then(join(member, config, master, facts));
      }
    }
    for (SavedVf saved : record.vfs()) {
      plan = plan.then(ofDevice(saved, config, master, facts));
    }
    return plan;
  }

  /// A link with the member's name that belongs to another device is not the member.
  private static boolean isFree(LinkFacts now, SavedLink saved) {
    return now.member().isEmpty()
        && now.kind().equals(saved.kind())
        && now.pci().equals(saved.pci());
  }

  private static Plan ofDevice(
      SavedVf saved, BondConfig config, LinkFacts master, NodeFacts facts) {
    Optional<MemberSpec.Device> spec = device(config, saved.pci());
    Optional<LinkFacts> now = facts.vf(saved.pci()).flatMap(vf -> VfPlanner.netdev(vf, facts));
    if (spec.isEmpty() || saved.link().isEmpty() || now.isEmpty()) {
      return Plan.NOTHING;
    }
    if (now.get().ref().place() == Place.HOST) {
      Member member = new Member(spec.get(), now.get(), saved.link().get().podName());
      return VfPlanner.bring(saved.pci(), spec.get().vf(), member.inPod(), facts)
          .then(join(member, config, master, facts));
    }
    Member member = new Member(spec.get(), now.get(), now.get().name());
    return now.get().member().isEmpty() ? join(member, config, master, facts) : Plan.NOTHING;
  }

  private static Plan join(Member member, BondConfig config, LinkFacts master, NodeFacts facts) {
    PlanBuilder builder = new PlanBuilder();
    BondPlanner.join(
        builder, member, master.ref(), DistinctMacs.choose(config, member, macsIn(master, facts)));
    return builder.plan();
  }

  /// The MACs that members have, or will have again.
  private static Set<MacAddress> macsIn(LinkFacts bond, NodeFacts facts) {
    Set<MacAddress> macs = new HashSet<>();
    for (LinkFacts member : AttachmentRemoval.members(bond, facts)) {
      member.mac().ifPresent(macs::add);
      member.member().flatMap(MemberFacts::permanentMac).ifPresent(macs::add);
    }
    return macs;
  }

  private static Optional<MemberSpec.Device> device(BondConfig config, PciAddress pci) {
    return config.members().stream()
        .filter(MemberSpec.Device.class::isInstance)
        .map(MemberSpec.Device.class::cast)
        .filter(device -> device.pci().equals(pci))
        .findFirst();
  }

  /// The entry of `links` for this member, by any of its names.
  private static MemberSpec spec(BondConfig config, SavedLink saved) {
    return config.members().stream()
        .filter(spec -> spec.knownName().filter(saved::answersTo).isPresent())
        .findFirst()
        .orElse(new MemberSpec.Named(saved.podName(), MemberOptions.DEFAULT));
  }

  /// Moves a VF that is back on the host into its pod again.
  ///
  /// @param config the configuration of the attachment
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
