package dev.podbond.node.wait;

import java.time.Duration;

/// Asks again and again until a condition holds or a limit has passed.
///
/// The pauses begin at 1 ms and double up to 10 ms: an immediate effect is seen at once, and a long
/// wait costs a hundred questions a second.
public final class Polling {
  private static final Duration FIRST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofMillis(10);

  private final WaitClock pace;

  public Polling(WaitClock pace) {
    this.pace = pace;
  }

  /// The condition to wait for.
  ///
  /// @param <X> what asking may throw, which ends the wait
  @FunctionalInterface
  public interface Condition<X extends Exception> {
    boolean holds() throws X;
  }

  /// Waits until the condition holds, asking at least once however short the limit.
  ///
  /// @return whether it holds; false also if the thread was interrupted, and then its interrupt
  ///   flag stays set
  public <X extends Exception> boolean until(Condition<X> condition, Duration limit) throws X {
    long start = pace.nanoTime();
    Duration step = FIRST;
    while (!condition.holds()) {
      Duration left = limit.minusNanos(pace.nanoTime() - start);
      if (!left.isPositive()) {
        return false;
      }
      try {
        pace.pause(step.compareTo(left) < 0 ? step : left);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return false;
      }
      Duration doubled = step.multipliedBy(2);
      step = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }
    return true;
  }
}
