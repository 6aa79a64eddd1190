package dev.podbond.bonding.check;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.FailOverMac;
import dev.podbond.value.MacAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which MACs a bond and its members have. A bond with other MACs looks healthy and passes no
/// traffic: the NIC or its PF drops the frames.
enum MacRule {
  /// All cases except those below: every member has the bond's MAC.
  SHARED,
  /// active-backup, failOverMac active: each member keeps its own, the bond has the active one's.
  OF_THE_ACTIVE,
  /// active-backup, failOverMac follow: the active member has the bond's MAC.
  FOLLOWS,
  /// balance-tlb, balance-alb: all MACs differ, and one member has the bond's.
  DISTINCT;

  /// @param reported the bond's options as the kernel has them
  static MacRule of(BondMode mode, BondOptions reported) {
    return switch (mode) {
      case BALANCE_RR, BALANCE_XOR, BROADCAST, LACP -> SHARED;
      case BALANCE_TLB, BALANCE_ALB -> DISTINCT;
      case ACTIVE_BACKUP ->
          switch (FailOverMac.of(mode, reported)) {
            case NONE -> SHARED;
            case ACTIVE -> OF_THE_ACTIVE;
            case FOLLOW -> FOLLOWS;
          };
    };
  }

  /// @param asked the MAC requested for the bond; it cannot last if the bond uses the active
  ///   member's
  void compare(
      Optional<MacAddress> asked, LinkFacts bond, List<LinkFacts> members, Differences found) {
    if (this != OF_THE_ACTIVE && asked.isPresent() && !asked.equals(bond.mac())) {
      found.add(bond.ref(), "MAC", asked.get().toString(), text(bond.mac()));
    }
    switch (this) {
      case SHARED -> members.forEach(member -> compare(bond.mac(), member, found));
      case OF_THE_ACTIVE -> {
        members.forEach(member ->
            member
                .member()
                .flatMap(MemberFacts::permanentMac)
                .ifPresent(own -> compare(Optional.of(own), member, found)));
        active(members)
            .filter(member -> !member.mac().equals(bond.mac()))
            .ifPresent(member ->
                found.add(
                    bond.ref(),
                    "MAC",
                    text(member.mac()) + " of the active member " + member.name(),
                    text(bond.mac())));
      }
      case FOLLOWS -> active(members).ifPresent(member -> compare(bond.mac(), member, found));
      case DISTINCT -> {
        Set<Optional<MacAddress>> seen = new HashSet<>();
        members.stream()
            .filter(member -> !seen.add(member.mac()))
            .forEach(
                member -> found.add(member.ref(), "MAC", "one of its own", text(member.mac())));
        boolean anyUp = members.stream().anyMatch(BondComparison::isLinkUp);
        if (anyUp && !seen.contains(bond.mac())) {
          found.add(bond.ref(), "MAC", "that of one member", text(bond.mac()));
        }
      }
    }
  }

  private static void compare(Optional<MacAddress> mac, LinkFacts member, Differences found) {
    if (!member.mac().equals(mac)) {
      found.add(member.ref(), "MAC", text(mac), text(member.mac()));
    }
  }

  private static Optional<LinkFacts> active(List<LinkFacts> members) {
    return members.stream()
        .filter(BondComparison::isLinkUp)
        .filter(member -> member.member().filter(MemberFacts::active).isPresent())
        .findFirst();
  }

  private static String text(Optional<MacAddress> mac) {
    return mac.map(MacAddress::toString).orElse("none");
  }
}
