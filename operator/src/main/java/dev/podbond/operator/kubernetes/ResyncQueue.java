package dev.podbond.operator.kubernetes;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Runs a resync, at most once for each burst of events. Missed events do no harm.
public final class ResyncQueue implements AutoCloseable {
  private static final Duration BURST = Duration.ofMillis(200);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Runnable comparison;
  private final Duration burst;
  private final Duration retry;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  /// The next run, if one is due.
  private Optional<ScheduledFuture<?>> due = Optional.empty();

  /// A queue that waits for its first event.
  public ResyncQueue(Runnable comparison) {
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
  public void start() {
    request(Duration.ZERO);
  }

  /// Schedules a retry after a failure that may pass, such as a missing namespace.
  public void again() {
    request(retry);
  }

  /// A handler for an informer; every event of it leads to a resync.
  public <T> ResourceEventHandler<T> handler() {
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

  /// Runs a resync within this time. It brings the next run forward, and never puts it off: after a
  /// failure the next try may be seconds away, and a change must not wait for it.
  public synchronized void request(Duration delay) {
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

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
