package dev.podbond.cluster.observed;

import dev.podbond.json.Printable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The conditions of a pod. What is not known, or has not held for long enough, leaves a condition
/// as it is: no pod leaves its services because somebody is silent.
final class PodConditions {
  static final String ONE_PF = "OnePf";
  static final String DEGRADED = "Degraded";

  private static final int MAX_MESSAGE = 1000;

  private PodConditions() {}

  /// The conditions that the pod must have from now on; those that are to stay as they are, are
  /// among them.
  ///
  /// @param bonds what was seen of its bonds
  /// @param isWhole whether these are all bonds that it asked for
  static List<PodCondition> of(BondedPod pod, List<BondTrack> bonds, boolean isWhole, Instant now) {
    List<PodCondition> conditions = new ArrayList<>();
    up(bonds, isWhole, now).or(() -> pod.condition(PodCondition.UP)).ifPresent(conditions::add);
    redundant(bonds, isWhole, now)
        .or(() -> pod.condition(PodCondition.REDUNDANT))
        .ifPresent(conditions::add);
    return conditions;
  }

  private static Optional<PodCondition> up(List<BondTrack> bonds, boolean isWhole, Instant now) {
    List<BondTrack> down =
        bonds.stream().filter(bond -> !bond.passes().seen() && bond.passes().counts(now)).toList();
    if (!down.isEmpty()) {
      return Optional.of(
          new PodCondition(PodCondition.UP, PodCondition.FALSE, "BondDown", losses(down)));
    }
    boolean isUp =
        isWhole
            && !bonds.isEmpty()
            && bonds.stream().allMatch(bond -> bond.passes().seen() && bond.passes().counts(now));
    if (!isUp) {
      return Optional.empty();
    }
    return Optional.of(
        new PodCondition(
            PodCondition.UP,
            PodCondition.TRUE,
            "BondsUp",
            message(
                bonds.stream()
                    .map(bond -> "bond " + bond.bond() + " passes traffic")
                    .collect(Collectors.joining("; ")))));
  }

  private static Optional<PodCondition> redundant(
      List<BondTrack> bonds, boolean isWhole, Instant now) {
    List<BondTrack> settled = bonds.stream().filter(bond -> bond.standing().counts(now)).toList();
    Standing worst =
        settled.stream()
            .map(bond -> bond.standing().seen().standing())
            .max(Comparator.naturalOrder())
            .orElse(Standing.REDUNDANT);
    if (worst != Standing.REDUNDANT) {
      List<BondTrack> lesser =
          settled.stream()
              .filter(bond -> bond.standing().seen().standing() != Standing.REDUNDANT)
              .toList();
      return Optional.of(
          new PodCondition(
              PodCondition.REDUNDANT,
              worst == Standing.UNPROVEN ? "Unknown" : PodCondition.FALSE,
              reason(worst),
              losses(lesser)));
    }
    if (!isWhole || settled.isEmpty() || settled.size() < bonds.size()) {
      return Optional.empty();
    }
    return Optional.of(
        new PodCondition(
            PodCondition.REDUNDANT, PodCondition.TRUE, reason(worst), losses(settled)));
  }

  private static String reason(Standing worst) {
    return switch (worst) {
      case REDUNDANT -> "AllMembersUp";
      case UNPROVEN -> "PfUnknown";
      case ONE_PF -> ONE_PF;
      case DEGRADED -> DEGRADED;
      case HELD_BACK -> "MemberHeldBack";
      case REDUCED -> "MemberDown";
      case DOWN -> "BondDown";
    };
  }

  private static String losses(List<BondTrack> bonds) {
    return message(
        bonds.stream()
            .map(bond -> "bond " + bond.bond() + " " + bond.standing().seen().loss())
            .collect(Collectors.joining("; ")));
  }

  private static String message(String text) {
    return Printable.head(text, MAX_MESSAGE);
  }
}
