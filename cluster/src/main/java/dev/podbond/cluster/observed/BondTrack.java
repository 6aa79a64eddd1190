package dev.podbond.cluster.observed;

import dev.podbond.cluster.observed.Standing.Loss;
import java.time.Duration;
import java.time.Instant;

/// What was seen of one bond, and what was told of it.
///
/// @param standing settles before anything is told
/// @param passes whether it passes traffic; settles before pods leave their services
/// @param told the loss of which the last event told
/// @param toldPf the address of the PF that was the cause; "" if none was
record BondTrack(
    String bond, Settling<Seen> standing, Settling<Boolean> passes, Loss told, String toldPf) {
  /// How long a state must hold before it counts.
  static final Duration HOLD = Duration.ofSeconds(3);

  /// How long a bond must pass no traffic before its pod leaves its services. A new bond has as
  /// long to find its peers.
  static final Duration DOWN_HOLD = Duration.ofSeconds(10);

  /// What is seen of a bond at one time.
  ///
  /// @param why the cause when it came to be so
  record Seen(Standing standing, int configured, int up, String lost, String why) {
    static Seen of(ObservedBond bond) {
      return new Seen(bond.standing(), bond.configured(), bond.up(), bond.lost(), bond.why());
    }

    boolean isLike(Seen other) {
      return standing == other.standing
          && configured == other.configured
          && up == other.up
          && lost.equals(other.lost);
    }

    /// What is wrong, as the end of a sentence about the bond.
    String loss() {
      return switch (standing) {
            case DOWN -> "passes no traffic";
            case HELD_BACK, REDUCED ->
                "runs on "
                    + up
                    + " of "
                    + configured
                    + " members"
                    + (lost.isEmpty() ? "" : ", without " + lost);
            case DEGRADED -> "is Degraded with all " + configured + " members up";
            case ONE_PF -> "has all its members on one PF";
            case UNPROVEN -> "has members whose PFs its node does not know";
            case REDUNDANT -> "has all " + configured + " members up, on more than one PF";
          }
          + (standing.loss() == Loss.NONE || why.isEmpty() ? "" : ": " + why);
    }
  }

  /// A bond that was not seen before. What its pod's conditions say was told before: by another
  /// leader, or before a restart.
  static BondTrack first(ObservedBond bond, BondedPod pod, boolean isOnly, Instant now) {
    boolean isKnown = !pod.conditions().isEmpty();
    Seen seen = Seen.of(bond);
    boolean passes = seen.standing().passes();
    Loss loss = seen.standing().loss();
    Duration hold = isKnown ? HOLD : loss == Loss.NONE ? Duration.ZERO : DOWN_HOLD;
    Duration passesHold = !passes ? DOWN_HOLD : isKnown ? HOLD : Duration.ZERO;
    Loss told = pod.told();
    return new BondTrack(
        bond.bond(),
        Settling.first(seen, now.plus(hold)),
        Settling.first(passes, now.plus(passesHold)),
        // Of several bonds the conditions do not say which one lost something.
        isOnly || told.compareTo(loss) < 0 ? told : loss,
        "");
  }

  BondTrack see(ObservedBond bond, Instant now) {
    Seen seen = Seen.of(bond);
    boolean passing = seen.standing().passes();
    return new BondTrack(
        this.bond,
        seen.isLike(standing.seen()) ? standing : standing.changed(seen, HOLD, now),
        passing == passes.seen()
            ? passes
            : passes.changed(passing, passing ? HOLD : DOWN_HOLD, now),
        told,
        toldPf);
  }

  BondTrack settled(Instant now) {
    return new BondTrack(bond, standing.settled(now), passes.settled(now), told, toldPf);
  }

  BondTrack told(Loss loss, String pf) {
    return new BondTrack(bond, standing, passes, loss, pf);
  }
}
