package dev.podbond.bonding.demotion;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.value.AttachmentKey;
import java.util.List;
import java.util.Optional;

/// A bond with the members that it was made with, as it is now.
///
/// @param key the attachment that made it
/// @param bond empty if there is none of its name in the pod
/// @param members in the order of the record
public record BondUse(AttachmentKey key, Optional<LinkFacts> bond, List<MemberUse> members) {
  /// One of the members.
  ///
  /// @param link its interface in the pod, whether or not it is in the bond
  public record MemberUse(ConfiguredMember member, Optional<LinkFacts> link) {}

  /// Copies the list.
  public BondUse {
    members = List.copyOf(members);
  }

  /// A bond and its members among the links of a pod. A NIC is known by its PCI function, whatever
  /// its name is by now.
  public static BondUse of(
      AttachmentKey key, String bond, List<ConfiguredMember> configured, NodeFacts facts) {
    return new BondUse(
        key,
        facts.link(Place.POD, bond).filter(link -> link.bond().isPresent()),
        configured.stream().map(member -> new MemberUse(member, link(member, facts))).toList());
  }

  private static Optional<LinkFacts> link(ConfiguredMember member, NodeFacts facts) {
    Optional<LinkFacts> named = facts.link(Place.POD, member.name());
    return member.pci().isEmpty() || named.filter(link -> is(link, member)).isPresent()
        ? named
        : facts.links().stream()
            .filter(link -> link.ref().place() == Place.POD && is(link, member))
            .findFirst();
  }

  private static boolean is(LinkFacts link, ConfiguredMember member) {
    return link.pci().equals(member.pci());
  }

  Optional<BondMode> mode() {
    return option(BondOption.MODE)
        .flatMap(value ->
            value instanceof OptionValue.Number(long number)
                ? BondMode.of(number)
                : Optional.empty());
  }

  /// The name of the primary, if there is one.
  Optional<String> primary() {
    return member(BondOption.PRIMARY);
  }

  /// The name of the member that carries the traffic, in a mode with one.
  Optional<String> active() {
    return member(BondOption.ACTIVE_SLAVE);
  }

  private Optional<String> member(BondOption option) {
    return option(option)
        .flatMap(value ->
            value instanceof OptionValue.MemberName(String name)
                ? Optional.of(name)
                : Optional.empty());
  }

  private Optional<OptionValue> option(BondOption option) {
    return bond.flatMap(LinkFacts::bond).flatMap(options -> options.get(option));
  }

  /// What the bond says of a member that is in it.
  Optional<MemberFacts> inBond(MemberUse use) {
    return use.link()
        .flatMap(LinkFacts::member)
        .filter(member -> bond.filter(link -> link.name().equals(member.bond())).isPresent());
  }

  /// Whether the bond can send through a member now, as far as the bond knows.
  boolean isUp(MemberUse use) {
    return use.link().filter(LinkFacts::carrier).isPresent()
        && inBond(use).filter(MemberFacts::miiUp).isPresent();
  }
}
