package dev.podbond.agent.serve;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/// Does something once after each time of activity, as soon as nothing has happened for a while.
final class IdleTrigger {
  private final BiConsumer<Runnable, Duration> timer;
  private final LongSupplier nanoTime;
  private final Duration silence;
  private final Runnable action;
  private final AtomicBoolean planned = new AtomicBoolean();
  private volatile long lastNanos;

  /// @param timer runs something later, once
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

  /// Open to the next plan before it looks, so that what happens meanwhile is not overlooked.
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
