package dev.podbond.agent.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/// Whether an agent has looked at all pods that were there when it started. Until then it knows
/// some bonds and not others, which nobody may take for all of them. Thread-safe.
final class FirstLooks {
  /// How long a pod is waited for after a look at it has failed: until the next sweep has tried
  /// again. It keeps nobody for longer from what is known of the others. A pod at which nobody has
  /// looked yet is waited for as long as that takes, since its bonds may be as good as any.
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private final LongSupplier nanoTime;
  private final Set<Path> seen = new HashSet<>();
  private final Set<Path> left = new HashSet<>();
  private final Map<Path, Long> failedAt = new HashMap<>();
  private boolean found;

  /// @param nanoTime the time, as [System#nanoTime]
  FirstLooks(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
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
    failedAt.keySet().retainAll(left);
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
    failedAt.remove(pod);
    return left.remove(pod) && left.isEmpty();
  }

  /// A pod is there and cannot be looked at.
  synchronized void failed(Path pod) {
    if (!found || left.contains(pod)) {
      failedAt.putIfAbsent(pod, nanoTime.getAsLong());
    }
  }

  /// Whether some pod may not have been looked at yet.
  synchronized boolean areUnderWay() {
    return !found || left.stream().anyMatch(this::isWaitedFor);
  }

  private boolean isWaitedFor(Path pod) {
    Long failed = failedAt.get(pod);
    return failed == null || nanoTime.getAsLong() - failed < PATIENCE.toNanos();
  }
}
