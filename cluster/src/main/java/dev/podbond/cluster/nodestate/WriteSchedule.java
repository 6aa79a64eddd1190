package dev.podbond.cluster.nodestate;

import java.time.Duration;
import java.util.Optional;

/// When a node's state may be written next. The first change after a quiet time is written at once.
/// Further ones wait, so that several make one write; they wait the longer the longer a bond flaps.
/// Times are by any clock that only goes forward, from any beginning.
///
/// @param spread from 0 to 1: how much of a further [#MOST_SPREAD] this node waits, so that nodes
///   whose bonds changed at one time do not all write again at one time
/// @param gap the least time after the last write
/// @param last when the last write was
public record WriteSchedule(double spread, Duration gap, Optional<Duration> last) {
  /// After the first write.
  public static final Duration SHORTEST_GAP = Duration.ofSeconds(10);

  /// While a bond flaps.
  public static final Duration LONGEST_GAP = Duration.ofMinutes(1);

  /// What is added to a gap at most.
  public static final Duration MOST_SPREAD = Duration.ofSeconds(5);

  /// Nothing has been written yet.
  ///
  /// @param node its name decides how its writes are spread
  public static WriteSchedule start(String node) {
    return new WriteSchedule(
        Math.floorMod(node.hashCode(), 1000) / 1000.0, SHORTEST_GAP, Optional.empty());
  }

  /// How long a change has to wait; zero if it may be written at once.
  public Duration delay(Duration now) {
    return last.map(then -> then.plus(gap).plus(extra()).minus(now))
        .filter(Duration::isPositive)
        .orElse(Duration.ZERO);
  }

  private Duration extra() {
    return Duration.ofNanos((long) (MOST_SPREAD.toNanos() * spread));
  }

  /// The schedule after a write. The next gap is twice as long, unless the node was quiet before
  /// this write for at least as long as it had to wait.
  public WriteSchedule written(Duration now) {
    boolean wasQuiet =
        last.filter(then -> now.minus(then).compareTo(gap.plus(extra()).multipliedBy(2)) < 0)
            .isEmpty();
    Duration twice = gap.multipliedBy(2);
    Duration longer = twice.compareTo(LONGEST_GAP) < 0 ? twice : LONGEST_GAP;
    return new WriteSchedule(spread, wasQuiet ? SHORTEST_GAP : longer, Optional.of(now));
  }
}
