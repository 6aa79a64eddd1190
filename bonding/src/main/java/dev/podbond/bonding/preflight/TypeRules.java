package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.facts.LinkFacts.Type.INFINIBAND;
import static dev.podbond.bonding.facts.LinkFacts.Type.LOOPBACK;
import static dev.podbond.bonding.facts.LinkFacts.Type.OTHER;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.FailOverMac;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The kinds of link that the driver accepts (`bond_enslave` in drivers/net/bonding/bond_main.c).
final class TypeRules {
  /// Kinds that the driver refuses with EINVAL, since nobody may take over the frames that they
  /// receive (`IFF_NO_RX_HANDLER`), or with EPERM, as they are masters themselves (`IFF_MASTER`).
  private static final Map<String, String> NO_MEMBERS =
      Map.of(
          "ipvlan",
          "shares the MAC of its parent and takes no master",
          "ipvtap",
          "shares the MAC of its parent and takes no master",
          "openvswitch",
          "is a port inside Open vSwitch and takes no master",
          "vrf",
          "is a master of other links itself");

  static final List<BondRule> ALL =
      List.of(
          BondRule.forEach(TypeRules::isNoLoopback),
          BondRule.forEach(TypeRules::isNoBond),
          BondRule.forEach(TypeRules::canBeAMember),
          BondRule.forEach(TypeRules::hasAMacToSet),
          TypeRules::areAlike,
          TypeRules::infiniband);

  private TypeRules() {}

  private static Stream<Finding> isNoLoopback(ResolvedMember member, PreflightInput request) {
    return member.isOfType(LOOPBACK)
        ? Stream.of(
            Finding.refusal(
                member.label(), "the loopback cannot be a member of a bond; name another link"))
        : Stream.empty();
  }

  private static Stream<Finding> canBeAMember(ResolvedMember member, PreflightInput request) {
    return member
        .link()
        .filter(link -> NO_MEMBERS.containsKey(link.kind()))
        .map(link ->
            Finding.refusal(
                member.label(),
                "it is of kind "
                    + link.kind()
                    + ", which "
                    + NO_MEMBERS.get(link.kind())
                    + ": the kernel cannot make it a member of a bond; use VFs"
                    + (link.kind().startsWith("ipv") ? " or macvlan" : "")))
        .stream();
  }

  /// Tunnels and the like. In active-backup with failOverMac active, nobody sets a MAC.
  private static Stream<Finding> hasAMacToSet(ResolvedMember member, PreflightInput request) {
    return member.isOfType(OTHER)
            && (request.mode() != BondMode.ACTIVE_BACKUP
                || request.failOverMac() != FailOverMac.ACTIVE)
        ? Stream.of(
            Finding.refusal(
                member.label(),
                "it is not an Ethernet link and its MAC cannot be set; the kernel takes such a"
                    + " member only in mode active-backup with failOverMac 1"))
        : Stream.empty();
  }

  /// The kernel would allow it.
  private static Stream<Finding> isNoBond(ResolvedMember member, PreflightInput request) {
    return member.link().filter(link -> link.kind().equals("bond")).isPresent()
        ? Stream.of(
            Finding.warning(
                member.label(),
                "it is a bond itself; a bond of bonds sees only whether the inner one has a member"
                    + " left: name the inner one's members"))
        : Stream.empty();
  }

  private static Stream<Finding> areAlike(PreflightInput request) {
    Map<String, LinkFacts.Type> types = new LinkedHashMap<>();
    for (ResolvedMember member : request.members()) {
      member
          .link()
          .map(LinkFacts::type)
          .filter(type -> type != LOOPBACK)
          .ifPresent(type -> types.put(member.spec().label(), type));
    }
    if (types.values().stream().distinct().count() <= 1) {
      return Stream.empty();
    }
    String list =
        types.entrySet().stream()
            .map(type -> type.getKey() + " " + type.getValue().name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return Stream.of(
        Finding.refusal(
            request.bond(),
            "its members are of different types ("
                + list
                + "), which the kernel does not mix; name links of one type"));
  }

  private static Stream<Finding> infiniband(PreflightInput request) {
    List<ResolvedMember> members =
        request.members().stream().filter(member -> member.isOfType(INFINIBAND)).toList();
    if (members.isEmpty()) {
      return Stream.empty();
    }
    Stream.Builder<Finding> findings = Stream.builder();
    if (request.mode() != BondMode.ACTIVE_BACKUP) {
      members.forEach(member ->
          findings.add(
              Finding.refusal(
                  member.label(),
                  "it is an InfiniBand link, which the kernel bonds in mode active-backup only,"
                      + " not in "
                      + request.mode()
                      + "; set mode to active-backup")));
    }
    if (request.isGiven(BondOption.FAIL_OVER_MAC)
        && FailOverMac.of(request.config().options()) != FailOverMac.ACTIVE) {
      findings.add(
          Finding.warning(
              request.bond(),
              "over InfiniBand the kernel makes failOverMac active, whatever is configured; set it"
                  + " to 1"));
    }
    if (request.config().vlanId().isPresent()) {
      findings.add(
          Finding.refusal(
              request.bond(),
              "there are no VLAN interfaces over InfiniBand; leave out vlan and use a partition"
                  + " key"));
    }
    if (request.config().mac().isPresent()) {
      findings.add(
          Finding.refusal(
              request.bond(),
              "over InfiniBand the bond has the hardware address of its active member; leave out"
                  + " the mac"));
    }
    return findings.build();
  }
}
