package dev.podbond.operator.view;

import java.time.Duration;
import java.util.Optional;

/// The remaining questions of one review to the API server. The author of the reviewed object
/// decides what is looked up. So the questions are few, and they end before the API server gives up
/// on the review. Thread-safe.
public final class Questions {
  /// A pod has a few bonds, and they are nearly always known.
  public static final int MOST = 20;

  private final long deadline;
  private int left = MOST;
  private boolean ranOut;

  private Questions(long deadline) {
    this.deadline = deadline;
  }

  /// The maximum number of questions, to be answered before a time.
  ///
  /// @param deadline of [System#nanoTime]
  public static Questions until(long deadline) {
    return new Questions(deadline);
  }

  /// Whether something was not asked, or not answered in time.
  public synchronized boolean ranOut() {
    return ranOut;
  }

  /// Takes one question; returns whether there was one left.
  synchronized boolean take() {
    if (left == 0 || patience().isEmpty()) {
      ranOut = true;
      return false;
    }
    left--;
    return true;
  }

  /// How long to wait for an answer; empty if the time is over.
  Optional<Duration> patience() {
    long rest = deadline - System.nanoTime();
    return rest > 0 ? Optional.of(Duration.ofNanos(rest)) : Optional.empty();
  }

  synchronized void unanswered() {
    ranOut = true;
  }
}
