package dev.podbond.agent.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/// Whether an agent has looked at all pods that were there when it started. Until then it knows
/// some bonds and not others, which nobody may take for all of them. Thread-safe.
final class FirstLooks {
  /// A look takes milliseconds, and the looks of 200 pods a few seconds. A pod that cannot be
  /// looked at for longer keeps nobody from what is known of the others.
  static final Duration LIMIT = Duration.ofSeconds(30);

  private final LongSupplier nanoTime;
  private final long begun;
  private final Set<Path> seen = new HashSet<>();
  private final Set<Path> left = new HashSet<>();
  private boolean found;

  /// @param nanoTime the time, as [System#nanoTime]
  FirstLooks(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
  }

  /// These pods were there at the start. Only the first time counts.
  ///
  /// @return whether all of them have been looked at already
  synchronized boolean found(Collection<Path> pods) {
    if (found) {
      return false;
    }
    found = true;
    left.addAll(pods);
    left.removeAll(seen);
    seen.clear();
    return left.isEmpty();
  }

  /// A pod was looked at, or has ended.
  ///
  /// @return whether it was the last one
  synchronized boolean ended(Path pod) {
    if (!found) {
      seen.add(pod);
      return false;
    }
    return left.remove(pod) && left.isEmpty();
  }

  /// Whether some pod may not have been looked at yet.
  synchronized boolean areUnderWay() {
    return (!found || !left.isEmpty()) && nanoTime.getAsLong() - begun < LIMIT.toNanos();
  }
}
