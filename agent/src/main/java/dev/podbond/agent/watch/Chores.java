package dev.podbond.agent.watch;

import dev.podbond.agent.serve.AgentLog;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Work of which it is enough to do it once for many reasons, in one thread, and again later where
/// it could not be finished.
final class Chores implements AutoCloseable {
  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
  private static final Duration LAST_RETRY = Duration.ofMinutes(5);

  private final AgentLog log;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("chores").factory());
  private final Map<Object, Planned> planned = new HashMap<>();

  /// What is to be done next for a subject.
  private record Planned(ScheduledFuture<?> future, Duration retry) {}

  Chores(AgentLog log) {
    this.log = log;
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Plans work on a subject, unless some is planned for as soon.
  ///
  /// @param work returns whether it is finished; if not it is planned again, later each time
  synchronized void plan(Object subject, Duration delay, BooleanSupplier work) {
    plan(subject, delay, FIRST_RETRY, work);
  }

  private synchronized void plan(
      Object subject, Duration delay, Duration retry, BooleanSupplier work) {
    if (thread.isShutdown()) {
      return;
    }
    Planned known = planned.get(subject);
    if (known != null) {
      if (known.future().getDelay(TimeUnit.NANOSECONDS) <= delay.toNanos()) {
        return;
      }
      known.future().cancel(false);
    }
    planned.put(
        subject,
        new Planned(
            thread.schedule(() -> run(subject, retry, work), delay.toNanos(), TimeUnit.NANOSECONDS),
            retry));
  }

  private void run(Object subject, Duration retry, BooleanSupplier work) {
    synchronized (this) {
      planned.remove(subject);
    }
    boolean finished = false;
    try {
      finished = work.getAsBoolean();
    } catch (RuntimeException e) {
      log.warn("a chore failed by a defect: " + e);
    }
    if (!finished) {
      Duration doubled = retry.multipliedBy(2);
      plan(subject, retry, doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY, work);
    }
  }

  /// Waits for what is being done; what is only planned is left to the next agent.
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("a chore did not end in time");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
