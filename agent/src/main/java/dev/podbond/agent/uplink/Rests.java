package dev.podbond.agent.uplink;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// What is left alone for a while, and for twice as long each time that this follows soon. Not
/// thread-safe.
///
/// @param <K> what it is
final class Rests<K> {
  private final Supplier<Duration> clock;
  private final Duration first;
  private final Duration longest;
  private final Duration remembered;
  private final Map<K, Rest> rests = new HashMap<>();

  /// Until when, and for how long in all.
  private record Rest(Duration until, Duration length) {}

  /// @param clock one that never goes back
  /// @param first how long at first
  /// @param longest how long at most
  /// @param remembered how long after a rest another one counts as following soon
  Rests(Supplier<Duration> clock, Duration first, Duration longest, Duration remembered) {
    this.clock = clock;
    this.first = first;
    this.longest = longest;
    this.remembered = remembered;
  }

  /// Whether it is to be left alone now.
  boolean isAmong(K key) {
    Rest rest = rests.get(key);
    return rest != null && clock.get().compareTo(rest.until()) < 0;
  }

  /// Whether it was left alone, and nobody has [ended][#end] that.
  boolean knows(K key) {
    return rests.containsKey(key);
  }

  /// Leaves it alone: from now on, and not from when the look began, which may be long ago.
  void again(K key) {
    Rest last = rests.get(key);
    Duration length = last != null && isRemembered(last) ? twice(last) : first;
    rests.put(key, new Rest(clock.get().plus(length), length));
  }

  private boolean isRemembered(Rest last) {
    return clock.get().minus(last.until()).compareTo(remembered) < 0;
  }

  private Duration twice(Rest last) {
    Duration twice = last.length().multipliedBy(2);
    return twice.compareTo(longest) < 0 ? twice : longest;
  }

  /// Until when it is left alone.
  Duration until(K key) {
    Rest rest = rests.get(key);
    return rest == null ? clock.get() : rest.until();
  }

  /// Forgets that it ever was.
  void end(K key) {
    rests.remove(key);
  }

  /// Forgets all others.
  void keepOnly(Set<K> keys) {
    rests.keySet().retainAll(keys);
  }
}
