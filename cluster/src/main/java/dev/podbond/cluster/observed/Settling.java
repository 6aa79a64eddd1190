package dev.podbond.cluster.observed;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// Something observed that has to stay as it is for a while before it counts. What changes again
/// and again within a minute flaps, and counts only once it has been steady for longer.
///
/// @param due from when it counts
/// @param changes the times of its latest changes
/// @param flaps how often it has changed since it flaps; 0 if it does not
record Settling<T>(T seen, Instant due, List<Instant> changes, int flaps) {
  /// So many changes within [#WINDOW] are flapping: three times away and back.
  static final int MANY = 6;

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration STEADY = Duration.ofSeconds(30);

  Settling {
    changes = List.copyOf(changes);
  }

  static <T> Settling<T> first(T seen, Instant due) {
    return new Settling<>(seen, due, List.of(), 0);
  }

  /// It is different now.
  ///
  /// @param hold how long it must stay so
  Settling<T> changed(T value, Duration hold, Instant now) {
    List<Instant> recent =
        Stream.concat(
                changes.stream().filter(then -> then.isAfter(now.minus(WINDOW))), Stream.of(now))
            .toList();
    List<Instant> latest = recent.subList(Math.max(0, recent.size() - MANY), recent.size());
    int count = flaps > 0 ? flaps + 1 : latest.size() >= MANY ? MANY : 0;
    return new Settling<>(value, now.plus(count > 0 ? STEADY : hold), latest, count);
  }

  boolean counts(Instant now) {
    return !now.isBefore(due);
  }

  /// Without its history, once it counts.
  Settling<T> settled(Instant now) {
    return counts(now) && flaps > 0 ? new Settling<>(seen, due, List.of(), 0) : this;
  }
}
