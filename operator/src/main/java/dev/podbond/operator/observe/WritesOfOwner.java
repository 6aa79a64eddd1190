package dev.podbond.operator.observe;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;

/// The objects of one owner that wait for their turn, and how many of its objects have one. Not
/// thread-safe.
final class WritesOfOwner {
  private static final Comparator<Due> BY_TIME =
      Comparator.comparing(Due::time).thenComparing(Due::key);

  private final SequencedMap<String, Instant> waiting = new LinkedHashMap<>();
  private final NavigableSet<Due> retries = new TreeSet<>(BY_TIME);
  private int underWay;
  private int retriesUnderWay;
  private int failing;

  /// An object that waits.
  ///
  /// @param time since when, or until when if its last write failed
  record Due(String key, Instant time, boolean isRetry) {}

  /// Adds one that has not failed.
  ///
  /// @return false if it waits already
  boolean add(String key, Instant now) {
    return waiting.putIfAbsent(key, now) == null;
  }

  /// Adds one that has failed.
  void retry(String key, Instant due) {
    retries.add(new Due(key, due, true));
  }

  /// The first that has not failed.
  Optional<Due> first() {
    return Optional.ofNullable(waiting.firstEntry())
        .map(entry -> new Due(entry.getKey(), entry.getValue(), false));
  }

  /// Which is next, by its time.
  ///
  /// @param mostRetries how many of those that have failed may be under way
  Optional<Due> next(int mostRetries) {
    Optional<Due> retry =
        retries.isEmpty() || retriesUnderWay >= mostRetries
            ? Optional.empty()
            : Optional.of(retries.first());
    Optional<Due> first = first();
    return retry
        .filter(due -> first.isEmpty() || !due.time().isAfter(first.get().time()))
        .or(() -> first);
  }

  /// It has its turn.
  void begin(Due due) {
    underWay++;
    if (due.isRetry()) {
      retriesUnderWay++;
      retries.remove(due);
    } else {
      waiting.remove(due.key());
    }
  }

  /// The turn of one ends.
  ///
  /// @param isRetry whether it had failed before
  void end(boolean isRetry) {
    underWay--;
    retriesUnderWay -= isRetry ? 1 : 0;
  }

  /// Removes one that has not failed.
  ///
  /// @return whether it waited
  boolean remove(String key) {
    return waiting.remove(key) != null;
  }

  /// Removes one that has failed.
  void removeRetry(String key, Instant due) {
    retries.remove(new Due(key, due, true));
  }

  /// So many more fail.
  void failing(int more) {
    failing += more;
  }

  /// How many have failed, and were not written since.
  int failing() {
    return failing;
  }

  int underWay() {
    return underWay;
  }

  /// Whether there is nothing to know of it.
  boolean isEmpty() {
    return waiting.isEmpty() && retries.isEmpty() && underWay == 0 && failing == 0;
  }
}
