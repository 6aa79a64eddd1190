package dev.podbond.plugins.attachment;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.config.NameWish;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.plan.AttachmentRemoval;
import dev.podbond.bonding.plan.BondPlanner;
import dev.podbond.bonding.plan.Repair;
import dev.podbond.bonding.preflight.Finding;
import dev.podbond.bonding.preflight.NameChoice;
import dev.podbond.bonding.preflight.Preflight;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A bond as one network configuration of type `bond` wants it.
///
/// @param wish the names that its user asks for
/// @param choice the names that it gets; before the pod is observed, the names it may get
public record BondSpec(BondConfig config, NameWish wish, NameChoice choice)
    implements AttachmentSpec {
  /// The bond of a configuration, before its pod was looked at.
  public static BondSpec of(BondConfig config, NameWish wish) {
    return new BondSpec(config, wish, called(wish.both()));
  }

  private static NameChoice called(BondNames names) {
    return new NameChoice(names, List.of(), Optional.empty());
  }

  private BondNames names() {
    return choice.names();
  }

  @Override
  public AttachmentSpec settled(NodeFacts facts) {
    return new BondSpec(config, wish, NameChoice.of(wish, config, facts));
  }

  @Override
  public AttachmentSpec named(Attachment record) {
    return new BondSpec(config, wish, called(record.bond().orElse(wish.both())));
  }

  @Override
  public List<PciAddress> devices() {
    return config.members().stream()
        .filter(MemberSpec.Device.class::isInstance)
        .map(MemberSpec.Device.class::cast)
        .map(MemberSpec.Device::pci)
        .sorted()
        .toList();
  }

  /// Includes links that should be in the pod: if a link is missing there, the user needs to know
  /// whether it is on the host.
  @Override
  public Set<String> hostLinks() {
    return Set.copyOf(namedLinks());
  }

  @Override
  public Set<String> podLinks() {
    Set<String> links = new HashSet<>();
    links.add(names().name());
    names().altName().ifPresent(links::add);
    links.add(wish.cniIfname());
    wish.ifname().ifPresent(links::add);
    for (String name : Set.copyOf(links)) {
      config.vlanId().ifPresent(id -> links.add(BondPlanner.vlanName(name, id)));
    }
    config.members().forEach(member -> member.knownName().ifPresent(links::add));
    return links;
  }

  private List<String> namedLinks() {
    return config.members().stream()
        .filter(MemberSpec.Named.class::isInstance)
        .map(MemberSpec.Named.class::cast)
        .map(MemberSpec.Named::name)
        .collect(Collectors.toList());
  }

  @Override
  public boolean strict() {
    return config.strict();
  }

  @Override
  public List<Finding> findings(NodeFacts facts) {
    return Stream.concat(
            choice.findings().stream(), Preflight.findings(config, names(), facts).stream())
        .toList();
  }

  @Override
  public List<Finding> findings(IpamAddresses addresses) {
    return Preflight.findings(config, names(), addresses.prefixes(), addresses.routes());
  }

  @Override
  public Attachment prepare(AttachmentKey key, String netns, JsonObject json, NodeFacts facts) {
    return BondPlanner.prepare(key, netns, json, config, names(), facts);
  }

  @Override
  public boolean hasInterface(NodeFacts facts) {
    return true;
  }

  @Override
  public Plan assemble(NodeFacts facts) {
    return BondPlanner.assemble(config, names(), facts);
  }

  @Override
  public Expectation expectation(Attachment attachment) {
    return Expectation.of(attachment, config);
  }

  @Override
  public Expectation lasting(Attachment attachment) {
    return Expectation.lasting(attachment, config);
  }

  @Override
  public Plan repair(Attachment attachment, NodeFacts facts) {
    return Repair.ofBond(attachment, config, facts);
  }

  @Override
  public Optional<String> vlan(NodeFacts facts) {
    return config.vlanId().stream()
        .boxed()
        .flatMap(id ->
            Stream.concat(Stream.of(names().name()), names().altName().stream())
                .map(bond -> BondPlanner.vlanName(bond, id)))
        .filter(name -> facts.link(Place.POD, name).isPresent())
        .findFirst();
  }

  @Override
  public Plan removeUnrecorded(NodeFacts facts) {
    return AttachmentRemoval.unrecorded(names(), namedLinks(), config.linksInContainer(), facts);
  }
}
