package dev.podbond.operator.observe;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Which write is next. Of one object at most one write is under way, and a newer one takes the
/// place of the one that waits. Not thread-safe.
final class WriteQueue<W> {
  private final int atOnce;
  private final int most;
  private final Map<String, Place<W>> places = new HashMap<>();
  private final SequencedSet<String> waiting = new LinkedHashSet<>();
  private int underWay;

  /// @param atOnce how many are under way
  /// @param most how many wait; beyond that the oldest are dropped
  WriteQueue(int atOnce, int most) {
    this.atOnce = atOnce;
    this.most = most;
  }

  /// A write whose turn it is.
  record Turn<W>(String key, W write) {}

  /// An object of which a write waits, or is under way, or both.
  private static final class Place<W> {
    @Nullable W next;
    boolean isUnderWay;
  }

  /// Adds a write.
  ///
  /// @param key the object; a write of the same key that waits is replaced
  /// @return whether another one was dropped
  boolean add(String key, W write) {
    Place<W> place = places.computeIfAbsent(key, _ -> new Place<>());
    place.next = write;
    if (!place.isUnderWay) {
      waiting.add(key);
    }
    if (waiting.size() <= most) {
      return false;
    }
    places.remove(waiting.removeFirst());
    return true;
  }

  /// The write whose turn it is; it is under way until [#end].
  Optional<Turn<W>> next() {
    if (underWay == atOnce || waiting.isEmpty()) {
      return Optional.empty();
    }
    String key = waiting.removeFirst();
    Place<W> place = places.get(key);
    if (place == null || place.next == null) {
      throw new IllegalStateException(key + " waits without a write");
    }
    W write = place.next;
    place.next = null;
    place.isUnderWay = true;
    underWay++;
    return Optional.of(new Turn<>(key, write));
  }

  /// The write of this object is no longer under way.
  void end(String key) {
    Place<W> place = places.get(key);
    if (place == null || !place.isUnderWay) {
      throw new IllegalStateException(key + " is not under way");
    }
    underWay--;
    place.isUnderWay = false;
    if (place.next == null) {
      places.remove(key);
    } else {
      waiting.add(key);
    }
  }

  /// Drops the write of this object that waits, if there is one.
  void forget(String key) {
    waiting.remove(key);
    Place<W> place = places.get(key);
    if (place == null) {
      return;
    }
    place.next = null;
    if (!place.isUnderWay) {
      places.remove(key);
    }
  }

  /// How many objects have a write that waits or is under way.
  int size() {
    return places.size();
  }
}
