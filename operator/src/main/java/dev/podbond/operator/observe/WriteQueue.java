package dev.podbond.operator.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which write is next. Of one object at most one write is under way, and a newer one takes the
/// place of the one that waits. An object whose write failed waits, for longer each time, and has
/// at most half of the turns together with others like it. Not thread-safe.
final class WriteQueue<W> {
  /// How long an object waits after its first failure.
  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /// How long an object waits at most.
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private static final int MOST_DOUBLINGS = 10;

  private final int atOnce;
  private final int most;
  private final Map<String, Place<W>> places = new HashMap<>();
  private final SequencedMap<String, Instant> waiting = new LinkedHashMap<>();
  private final NavigableSet<Retry> retries =
      new TreeSet<>(Comparator.comparing(Retry::due).thenComparing(Retry::key));
  private int underWay;
  private int retriesUnderWay;
  private int failing;

  /// @param atOnce how many are under way
  /// @param most how many wait that have not failed; beyond that the oldest are dropped
  WriteQueue(int atOnce, int most) {
    this.atOnce = atOnce;
    this.most = most;
  }

  /// A write whose turn it is.
  record Turn<W>(String key, W write) {}

  private record Retry(Instant due, String key) {}

  /// An object of which a write waits, or is under way, or both.
  private static final class Place<W> {
    @Nullable W next;
    boolean isUnderWay;
    boolean isForgotten;
    int failures;

    /// When it is its turn after a failure.
    Instant due = Instant.MIN;
  }

  /// Adds a write.
  ///
  /// @param key the object; a write of the same key that waits is replaced
  /// @return whether another one was dropped
  boolean add(String key, W write, Instant now) {
    Place<W> place = places.computeIfAbsent(key, _ -> new Place<>());
    place.next = write;
    place.isForgotten = false;
    if (!place.isUnderWay && place.failures == 0) {
      waiting.putIfAbsent(key, now);
    }
    if (waiting.size() <= most) {
      return false;
    }
    places.remove(waiting.pollFirstEntry().getKey());
    return true;
  }

  /// The write whose turn it is; it is under way until it is [#made] or has [#failed].
  Optional<Turn<W>> next(Instant now) {
    Optional<Retry> retry = retry().filter(due -> !due.due().isAfter(now));
    if (underWay == atOnce || (retry.isEmpty() && waiting.isEmpty())) {
      return Optional.empty();
    }
    boolean isRetry =
        retry
            .filter(due -> waiting.isEmpty() || !due.due().isAfter(waiting.firstEntry().getValue()))
            .isPresent();
    String key;
    if (isRetry) {
      key = retries.removeFirst().key();
      retriesUnderWay++;
    } else {
      key = waiting.pollFirstEntry().getKey();
    }
    Place<W> place = place(key);
    if (place.next == null) {
      throw new IllegalStateException(key + " waits without a write");
    }
    W write = place.next;
    place.next = null;
    place.isUnderWay = true;
    underWay++;
    return Optional.of(new Turn<>(key, write));
  }

  /// The first of those that failed, if they may have another turn.
  private Optional<Retry> retry() {
    return retries.isEmpty() || retriesUnderWay >= Math.max(1, atOnce / 2)
        ? Optional.empty()
        : Optional.of(retries.first());
  }

  /// How long nothing has its turn unless something happens; empty if without end.
  Optional<Duration> pause(Instant now) {
    if (underWay == atOnce) {
      return Optional.empty();
    }
    return waiting.isEmpty()
        ? retry().map(first -> Duration.between(now, first.due()))
        : Optional.of(Duration.ZERO);
  }

  /// A write was made, or there was no need for it any more.
  void made(String key, Instant now) {
    Place<W> place = end(key);
    if (place.failures > 0) {
      failing--;
      place.failures = 0;
    }
    if (place.next == null) {
      places.remove(key);
    } else {
      waiting.put(key, now);
    }
  }

  /// A write failed. It is made again later, unless a newer one waits or nobody wants it any more.
  ///
  /// @return whether it is the object's first failure in a row
  boolean failed(Turn<W> turn, Instant now) {
    String key = turn.key();
    Place<W> place = end(key);
    if (place.isForgotten) {
      failing -= place.failures > 0 ? 1 : 0;
      places.remove(key);
      return false;
    }
    if (place.next == null) {
      place.next = turn.write();
    }
    place.failures++;
    place.due = now.plus(pauseAfter(place.failures));
    retries.add(new Retry(place.due, key));
    failing += place.failures == 1 ? 1 : 0;
    return place.failures == 1;
  }

  private static Duration pauseAfter(int failures) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  private Place<W> end(String key) {
    Place<W> place = place(key);
    if (!place.isUnderWay) {
      throw new IllegalStateException(key + " is not under way");
    }
    underWay--;
    retriesUnderWay -= place.failures > 0 ? 1 : 0;
    place.isUnderWay = false;
    return place;
  }

  private Place<W> place(String key) {
    Place<W> place = places.get(key);
    if (place == null) {
      throw new IllegalStateException("nothing is known of " + key);
    }
    return place;
  }

  /// Drops the write of this object that waits. One that is under way is not made again.
  void forget(String key) {
    Place<W> place = places.get(key);
    if (place == null) {
      return;
    }
    place.next = null;
    place.isForgotten = true;
    if (!place.isUnderWay) {
      waiting.remove(key);
      retries.remove(new Retry(place.due, key));
      failing -= place.failures > 0 ? 1 : 0;
      places.remove(key);
    }
  }

  /// How many objects have a write that waits or is under way.
  int size() {
    return places.size();
  }

  /// How many objects have a write that failed and was not made since.
  int failing() {
    return failing;
  }
}
