package dev.podbond.reporter;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Says that something may have changed. However often it is raised before somebody looks, that is
/// one reason to look.
final class Signal {
  private final Semaphore raised = new Semaphore(0);

  void raise() {
    raised.release();
  }

  /// Waits until it is raised, at most so long; whether it was.
  boolean await(Duration most) throws InterruptedException {
    return raised.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Forgets that it was raised.
  void lower() {
    raised.drainPermits();
  }
}
