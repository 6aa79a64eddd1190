package dev.podbond.operator.view;

import java.time.Duration;
import java.util.Optional;

/// What one review may still ask the API server. Its author writes what is looked up, so it is
/// little, and ends before whoever asked for the review has given up. For several threads.
public final class Questions {
  /// A pod has a few bonds, and nearly always they are known.
  public static final int MOST = 20;

  private final long deadline;
  private int left = MOST;
  private boolean ranOut;

  private Questions(long deadline) {
    this.deadline = deadline;
  }

  /// As many as may be, to be answered before a time.
  ///
  /// @param deadline of [System#nanoTime]
  public static Questions until(long deadline) {
    return new Questions(deadline);
  }

  /// Whether something was not asked, or not answered in time.
  public synchronized boolean ranOut() {
    return ranOut;
  }

  /// Whether one more may be asked.
  synchronized boolean take() {
    if (left == 0 || patience().isEmpty()) {
      ranOut = true;
      return false;
    }
    left--;
    return true;
  }

  /// For how long an answer is waited for; empty if no more.
  Optional<Duration> patience() {
    long rest = deadline - System.nanoTime();
    return rest > 0 ? Optional.of(Duration.ofNanos(rest)) : Optional.empty();
  }

  synchronized void unanswered() {
    ranOut = true;
  }
}
