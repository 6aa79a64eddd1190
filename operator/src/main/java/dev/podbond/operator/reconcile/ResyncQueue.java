package dev.podbond.operator.reconcile;

import dev.podbond.operator.kubernetes.Alone;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Runs a full resync, at most once for each burst of events. Missed events do no harm.
final class ResyncQueue {
  private static final Duration BURST = Duration.ofMillis(200);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Runnable comparison;
  private final Duration burst;
  private final Duration retry;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  /// The next run, if one is due.
  private Optional<ScheduledFuture<?>> due = Optional.empty();

  ResyncQueue(Runnable comparison) {
    this(comparison, BURST, RETRY);
  }

  /// @param burst how long events are gathered
  /// @param retry how long after a failure it tries again
  ResyncQueue(Runnable comparison, Duration burst, Duration retry) {
    this.comparison = comparison;
    this.burst = burst;
    this.retry = retry;
  }

  /// Runs the first resync.
  void start() {
    request(Duration.ZERO);
  }

  /// Schedules a retry after a failure that may pass, such as a missing namespace.
  void again() {
    request(retry);
  }

  /// A handler for an informer; every event of it leads to a resync.
  <T> ResourceEventHandler<T> handler() {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T added) {
        request(burst);
      }

      @Override
      public void onUpdate(T old, T updated) {
        request(burst);
      }

      @Override
      public void onDelete(T deleted, boolean unknownFinalState) {
        request(burst);
      }
    };
  }

  /// Brings the next run forward, and never puts it off: after a failure the next try may be
  /// seconds away, and a change must not wait for it.
  private synchronized void request(Duration delay) {
    if (due.filter(run -> run.getDelay(TimeUnit.NANOSECONDS) <= delay.toNanos()).isPresent()) {
      return;
    }
    due.ifPresent(run -> run.cancel(false));
    due = Optional.of(thread.schedule(this::compare, delay.toNanos(), TimeUnit.NANOSECONDS));
  }

  private void compare() {
    synchronized (this) {
      due = Optional.empty();
    }
    if (!Alone.attempt(() -> "a comparison", comparison)) {
      again();
    }
  }
}
