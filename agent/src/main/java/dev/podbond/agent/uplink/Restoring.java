package dev.podbond.agent.uplink;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Takes back what is written down: at the start of an agent, at its end, and where nothing is to
/// be done any more. Not thread-safe, but for [#end].
///
/// @param <K> of whom anything is written down
final class Restoring<K> {
  /// The most that are remembered because they could not be restored at the start. The others are
  /// as any that are changed later: judged as long as there are settings, restored at the end.
  private static final int MOST_UNRESTORED = 1000;

  private final Listing<K> written;
  private final Consumer<K> restore;
  private final Rests<K> resting;
  private final Supplier<Duration> clock;
  private final Set<K> unrestored = new HashSet<>();
  private boolean begun;
  private volatile boolean ending;

  /// Those of whom anything is written down.
  ///
  /// @param <K> what they are
  interface Listing<K> {
    /// Hands them over.
    ///
    /// @return false if they cannot be listed, so that there may be others
    boolean forEach(Consumer<K> each);
  }

  /// @param restore has one restored, as far as that succeeds
  /// @param resting those that have failed and are left alone for now
  /// @param clock one that never goes back
  Restoring(Listing<K> written, Consumer<K> restore, Rests<K> resting, Supplier<Duration> clock) {
    this.written = written;
    this.restore = restore;
    this.resting = resting;
    this.clock = clock;
  }

  /// Takes back what an earlier agent has left.
  ///
  /// @return whether nothing of it is left
  boolean begin() {
    boolean first = !begun;
    Set<K> left = new HashSet<>();
    boolean listed =
        written.forEach(key -> {
          if (!ending && (first || unrestored.contains(key))) {
            restore.accept(key);
          }
        })
            && written.forEach(key -> {
              if ((first || unrestored.contains(key)) && left.size() < MOST_UNRESTORED) {
                left.add(key);
              }
            });
    if (!listed || ending) {
      return false;
    }
    begun = true;
    unrestored.clear();
    unrestored.addAll(left);
    return left.isEmpty();
  }

  /// Whether what an earlier agent has left was tried to be restored once, and the end has not
  /// begun: otherwise nothing new may be done.
  boolean isAtWork() {
    return begun && !ending;
  }

  /// Whether the end has begun.
  boolean isEnding() {
    return ending;
  }

  /// From now on nothing is done any more but [#atTheEnd].
  void end() {
    ending = true;
  }

  /// One was changed by this agent.
  void changed(K key) {
    unrestored.remove(key);
  }

  /// Restores all that do not rest.
  ///
  /// @return whether nothing is written down of anybody any more
  boolean all() {
    Set<K> stillResting = new HashSet<>();
    boolean listed =
        written.forEach(key -> {
          if (!ending && !resting.isAmong(key)) {
            restore.accept(key);
          }
          if (resting.knows(key)) {
            stillResting.add(key);
          }
        });
    if (listed) {
      resting.keepOnly(stillResting);
    }
    return !ending && isNobodyLeft();
  }

  /// As [#all] before the agent ends: each is tried once, and none after the limit.
  boolean atTheEnd(Duration limit) {
    Duration end = clock.get().plus(limit);
    boolean _ =
        written.forEach(key -> {
          if (clock.get().compareTo(end) <= 0) {
            restore.accept(key);
          }
        });
    return isNobodyLeft();
  }

  /// Not by what became of each: one that waits for its interface stays written down.
  private boolean isNobodyLeft() {
    AtomicBoolean nobody = new AtomicBoolean(true);
    return written.forEach(_ -> nobody.set(false)) && nobody.get();
  }
}
