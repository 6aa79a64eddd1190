package dev.podbond.agent.serve;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/// Runs an action once after each period of activity, as soon as nothing has happened for a while.
final class IdleTrigger {
  private final BiConsumer<Runnable, Duration> timer;
  private final LongSupplier nanoTime;
  private final Duration silence;
  private final Runnable action;
  private final AtomicBoolean planned = new AtomicBoolean();
  private volatile long lastNanos;

  /// @param timer runs a task once after a delay
  IdleTrigger(
      BiConsumer<Runnable, Duration> timer,
      LongSupplier nanoTime,
      Duration silence,
      Runnable action) {
    this.timer = timer;
    this.nanoTime = nanoTime;
    this.silence = silence;
    this.action = action;
  }

  void happened() {
    lastNanos = nanoTime.getAsLong();
    repair(silence);
  }

  private void repair(Duration delay) {
    if (planned.compareAndSet(false, true)) {
      timer.accept(this::look, delay);
    }
  }

  /// Clears the flag first: activity that arrives during the check must schedule another check.
  private void look() {
    planned.set(false);
    Duration left = silence.minusNanos(nanoTime.getAsLong() - lastNanos);
    if (left.isPositive()) {
      repair(left);
    } else {
      action.run();
    }
  }
}
