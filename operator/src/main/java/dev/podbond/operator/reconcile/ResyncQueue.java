package dev.podbond.operator.reconcile;

import dev.podbond.operator.kubernetes.Alone;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Compares everything that is with everything that is to be, once after each crowd of changes. So
/// it makes no difference what was missed.
final class ResyncQueue {
  private static final long CROWD_MILLIS = 200;
  private static final long AGAIN_MILLIS = 5000;

  private final Runnable comparison;
  private final AtomicBoolean due = new AtomicBoolean();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  ResyncQueue(Runnable comparison) {
    this.comparison = comparison;
  }

  /// Compares for the first time.
  void start() {
    request(0);
  }

  /// After something that failed and may succeed later, as for a namespace that is not there yet.
  void again() {
    request(AGAIN_MILLIS);
  }

  /// For an informer whose objects count.
  <T> ResourceEventHandler<T> handler() {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T added) {
        request(CROWD_MILLIS);
      }

      @Override
      public void onUpdate(T old, T updated) {
        request(CROWD_MILLIS);
      }

      @Override
      public void onDelete(T deleted, boolean unknownFinalState) {
        request(CROWD_MILLIS);
      }
    };
  }

  private void request(long delayMillis) {
    if (due.compareAndSet(false, true)) {
      var _ = thread.schedule(this::compare, delayMillis, TimeUnit.MILLISECONDS);
    }
  }

  private void compare() {
    due.set(false);
    if (!Alone.attempt(() -> "a comparison", comparison)) {
      again();
    }
  }
}
