package dev.podbond.cli.top;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownTraffic;
import dev.podbond.cli.bond.KnownTraffic.Octets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What bonds carry in a second, by two answers about what their members have carried so far.
///
/// @param last the answer that the next one is held against
/// @param found none of a bond of which one answer alone knows
public record Rates(Optional<Answer> last, Map<KnownTraffic.Bond, Rate> found) {
  /// Before any answer.
  public static final Rates NONE = new Rates(Optional.empty(), Map.of());

  /// The agent looks no more often.
  private static final Duration LEAST = Duration.ofSeconds(1);

  private static final double NANOS = 1e9;

  public Rates {
    found = Map.copyOf(found);
  }

  /// What was answered.
  ///
  /// @param at when it came, on a clock that only goes forward
  public record Answer(KnownTraffic traffic, Duration at) {}

  /// Octets in a second.
  public record Rate(double received, double transmitted) {
    private static final String UNITS = "kMGTPE";
    private static final double THOUSAND = 1000;

    /// Such as `512B`, `1.2kB` or `340MB`: at most five characters.
    public static String text(double octets) {
      double value = octets;
      int unit = 0;
      while (Math.round(value) >= THOUSAND && unit < UNITS.length()) {
        value /= THOUSAND;
        unit++;
      }
      if (unit == 0) {
        return Math.round(value) + "B";
      }
      long tenths = Math.round(value * 10);
      return (tenths < 100 ? tenths / 10 + "." + tenths % 10 : Long.toString(Math.round(value)))
          + UNITS.charAt(unit - 1)
          + "B";
    }
  }

  /// Whether an answer can say more than the last one did.
  public boolean isDue(Duration now) {
    return last.isEmpty() || now.minus(last.get().at()).compareTo(LEAST) >= 0;
  }

  /// By one more answer. A member of which the last one did not know, or that has carried less than
  /// by then, since its link was made anew, has no part in it.
  public Rates after(KnownTraffic traffic, Duration at) {
    Map<KnownTraffic.Bond, Rate> rates = new HashMap<>();
    last.filter(before -> before.at().compareTo(at) < 0)
        .ifPresent(before -> {
          double seconds = at.minus(before.at()).toNanos() / NANOS;
          traffic
              .bonds()
              .forEach((bond, members) ->
                  rate(before.traffic().bonds().getOrDefault(bond, Map.of()), members, seconds)
                      .ifPresent(rate -> rates.put(bond, rate)));
        });
    return new Rates(Optional.of(new Answer(traffic, at)), rates);
  }

  private static Optional<Rate> rate(
      Map<String, Octets> before, Map<String, Octets> now, double seconds) {
    boolean isKnown = false;
    double received = 0;
    double transmitted = 0;
    for (Map.Entry<String, Octets> member : now.entrySet()) {
      Octets then = before.get(member.getKey());
      if (then != null && member.getValue().isSince(then)) {
        isKnown = true;
        received += member.getValue().received() - then.received();
        transmitted += member.getValue().transmitted() - then.transmitted();
      }
    }
    return isKnown
        ? Optional.of(new Rate(received / seconds, transmitted / seconds))
        : Optional.empty();
  }

  /// After a question without an answer. The next one is held against that before.
  public Rates unknown() {
    return new Rates(last, Map.of());
  }

  /// Of a bond, if it is known.
  public Optional<Rate> of(KnownBond bond) {
    return Optional.ofNullable(found.get(KnownTraffic.Bond.of(bond)));
  }
}
