package dev.podbond.cli.impact;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownMember;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What becomes of one bond in an outage.
///
/// @param lost its members that go
/// @param left its members that are up and stay, and keep it up
/// @param deadEnds its members that stay and keep no traffic up: their uplinks are bad, or they are
///   held back from one that is
public record Impact(
    KnownBond bond, Fate fate, List<String> lost, List<String> left, List<String> deadEnds) {
  public Impact {
    lost = List.copyOf(lost);
    left = List.copyOf(left);
    deadEnds = List.copyOf(deadEnds);
  }

  /// Empty if the bond has no member on the PFs that go. A member whose PF the agent does not know
  /// counts as one that stays.
  ///
  /// @param hasBadUplink whether what a member sends arrives nowhere
  public static Optional<Impact> of(
      KnownBond bond, Outage outage, Predicate<KnownMember> hasBadUplink) {
    List<KnownMember> lost =
        bond.members().stream().filter(member -> goes(member, outage)).toList();
    if (lost.isEmpty()) {
      return Optional.empty();
    }
    List<String> left = new ArrayList<>();
    List<String> deadEnds = new ArrayList<>();
    for (KnownMember member : bond.members()) {
      if (goes(member, outage)) {
        continue;
      }
      if (member.isHeld() || (member.isUp() && hasBadUplink.test(member))) {
        deadEnds.add(member.name());
      } else if (member.isUp()) {
        left.add(member.name());
      }
    }
    return Optional.of(
        new Impact(bond, fate(bond, lost, left, deadEnds), names(lost), left, deadEnds));
  }

  private static boolean goes(KnownMember member, Outage outage) {
    return member.pf().filter(outage.pfs()::contains).isPresent();
  }

  private static Fate fate(
      KnownBond bond, List<KnownMember> lost, List<String> left, List<String> deadEnds) {
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
    boolean losesActive = !left.contains(bond.active()) && !deadEnds.contains(bond.active());
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

  /// Whether it goes down though members stay.
  boolean leavesOnlyDeadEnds() {
    return fate == Fate.DOWN && !deadEnds.isEmpty();
  }

  /// One row of the table, in which members that keep no traffic up have a mark.
  public JsonObject toRow() {
    return toJson()
        .with(
            "left",
            JsonArray.ofStrings(
                Stream.concat(left.stream(), deadEnds.stream().map(name -> name + "!")).toList()));
  }

  /// All of it for programs.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("pod", bond.pod())
        .put("bond", bond.bond())
        .put("mode", bond.mode())
        .put("outcome", fate.toString())
        .put("lost", JsonArray.ofStrings(lost))
        .put("left", JsonArray.ofStrings(left))
        .put("deadEnds", JsonArray.ofStrings(deadEnds))
        .build();
  }
}
