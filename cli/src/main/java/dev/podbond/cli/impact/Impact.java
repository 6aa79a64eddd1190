package dev.podbond.cli.impact;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownMember;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What becomes of one bond in an outage.
///
/// @param lost its members that go
/// @param left its members that are up and stay
public record Impact(KnownBond bond, Fate fate, List<String> lost, List<String> left) {
  public Impact {
    lost = List.copyOf(lost);
    left = List.copyOf(left);
  }

  /// Empty if the bond has no member on the PFs that go. A member whose PF the agent does not know
  /// counts as one that stays.
  public static Optional<Impact> of(KnownBond bond, Outage outage) {
    List<KnownMember> lost =
        bond.members().stream().filter(member -> goes(member, outage)).toList();
    if (lost.isEmpty()) {
      return Optional.empty();
    }
    List<String> left =
        bond.members().stream()
            .filter(member -> member.isUp() && !goes(member, outage))
            .map(KnownMember::name)
            .toList();
    return Optional.of(new Impact(bond, fate(bond, lost, left), names(lost), left));
  }

  private static boolean goes(KnownMember member, Outage outage) {
    return member.pf().filter(outage.pfs()::contains).isPresent();
  }

  private static Fate fate(KnownBond bond, List<KnownMember> lost, List<String> left) {
    if (bond.health() == Health.DOWN) {
      return Fate.DOWN_ALREADY;
    }
    if (lost.stream().noneMatch(KnownMember::isUp)) {
      return Fate.UNCHANGED;
    }
    if (left.isEmpty()) {
      return Fate.DOWN;
    }
    // What an agent does not say is taken for the worse.
    boolean losesActive = !left.contains(bond.active());
    return Stream.of(BondMode.values())
        .filter(mode -> mode.toString().equals(bond.mode()))
        .findFirst()
        .map(mode ->
            switch (mode) {
              case ACTIVE_BACKUP -> losesActive ? Fate.FAILS_OVER : Fate.LOSES_REDUNDANCY;
              // Their active member alone receives (tlb), or has the bond's own MAC (alb).
              case BALANCE_TLB, BALANCE_ALB -> losesActive ? Fate.FAILS_OVER : Fate.LOSES_CAPACITY;
              case BALANCE_RR, BALANCE_XOR, LACP -> Fate.LOSES_CAPACITY;
              // Each member carries all of the traffic.
              case BROADCAST -> Fate.LOSES_REDUNDANCY;
            })
        .orElse(Fate.LOSES_CAPACITY);
  }

  private static List<String> names(List<KnownMember> members) {
    return members.stream().map(KnownMember::name).toList();
  }

  /// One row of the table.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("pod", bond.pod())
        .put("bond", bond.bond())
        .put("mode", bond.mode())
        .put("outcome", fate.toString())
        .put("lost", JsonArray.ofStrings(lost))
        .put("left", JsonArray.ofStrings(left))
        .build();
  }
}
