package dev.podbond.agent.watch;

import dev.podbond.agent.serve.AgentLog;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A work queue that coalesces. A subject that is planned several times runs once; if its work
/// fails, it is tried again later.
///
/// A process in a pod can cause events without end. So a subject whose work failed waits for its
/// retry time, whatever happens meanwhile, and that time grows with each failure. And a subject
/// whose work had to change something rests before it runs again; the rest grows if such changes go
/// on.
public final class WorkQueue implements AutoCloseable {
  /// The threads that do the work.
  public enum Lane {
    /// One thread, for work that needs only the kernel and the disk.
    QUICK,
    /// A few threads, for work that may wait for an IPAM plugin.
    SLOW
  }

  /// How a piece of work ended.
  public enum Progress {
    /// The work is complete.
    DONE,
    /// The work is complete, and it had to change something.
    CHANGED,
    /// The work could not be finished, and is tried again.
    AGAIN
  }

  /// A piece of work.
  @FunctionalInterface
  public interface Work {
    Progress run();
  }

  /// How long subjects wait after a failure or a change.
  ///
  /// @param firstRetry the wait after a first failure; it doubles with each further failure
  /// @param lastRetry the longest wait after a failure
  /// @param firstRest the rest after a change; it doubles if the change follows the last one
  ///   closely
  /// @param lastRest the longest rest after a change
  record Patience(Duration firstRetry, Duration lastRetry, Duration firstRest, Duration lastRest) {
    static final Patience USUAL =
        new Patience(
            Duration.ofSeconds(2),
            Duration.ofMinutes(5),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1));

    private Duration afterRetry(Duration retry) {
      return shorter(retry.multipliedBy(2), lastRetry);
    }

    private Duration afterRest(Duration rest) {
      return shorter(rest.multipliedBy(2), lastRest);
    }

    private static Duration shorter(Duration one, Duration other) {
      return one.compareTo(other) < 0 ? one : other;
    }
  }

  private static final int SLOW_THREADS = 8;
  private static final Duration IDLE_LIMIT = Duration.ofSeconds(10);

  /// How long planned work waits when it finds its subject still being worked on.
  private static final Duration SHORTLY = Duration.ofMillis(200);

  private final AgentLog log;
  private final Patience patience;
  private final ScheduledThreadPoolExecutor quick;
  private final ThreadPoolExecutor slow;
  private final Map<Object, Planned> planned = new HashMap<>();
  private final Map<Object, Rest> rests = new HashMap<>();
  private final Set<Object> running = new HashSet<>();

  /// The next work on a subject.
  ///
  /// @param retry how long to wait after the next failure
  /// @param afterFailure whether the subject waits because its work failed
  private record Planned(
      ScheduledFuture<?> future, Lane lane, Work work, Duration retry, boolean afterFailure) {}

  /// The rest of a subject after a change.
  private record Rest(long untilNanos, Duration length) {
    Duration left() {
      return Duration.ofNanos(untilNanos - System.nanoTime());
    }
  }

  /// A queue that waits for its first work.
  public WorkQueue(AgentLog log) {
    this(log, Patience.USUAL);
  }

  WorkQueue(AgentLog log, Patience patience) {
    this(
        log,
        patience,
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("work-queue").factory()),
        new ThreadPoolExecutor(
            SLOW_THREADS,
            SLOW_THREADS,
            IDLE_LIMIT.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("slow-work-", 1).factory()));
  }

  /// @param quick one thread, which also waits for the time of all work
  WorkQueue(
      AgentLog log, Patience patience, ScheduledThreadPoolExecutor quick, ThreadPoolExecutor slow) {
    this.log = log;
    this.patience = patience;
    this.quick = quick;
    this.slow = slow;
    slow.allowCoreThreadTimeOut(true);
    quick.setRemoveOnCancelPolicy(true);
    quick.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Plans work on a subject. Does nothing if its work is already planned for the same time or
  /// earlier, or if it waits after a failure. If it rests, the work waits for the end of the rest.
  public synchronized void plan(Object subject, Lane lane, Duration delay, Work work) {
    Planned known = planned.get(subject);
    if (known != null
        && (known.afterFailure()
            || known.future().getDelay(TimeUnit.NANOSECONDS) <= delay.toNanos())) {
      return;
    }
    Rest rest = rests.get(subject);
    Duration wait = rest != null && rest.left().compareTo(delay) > 0 ? rest.left() : delay;
    schedule(subject, lane, wait, patience.firstRetry(), false, work);
  }

  /// Plans work on a subject for when nobody has asked for it for a while: each call puts it off.
  public synchronized void putOff(Object subject, Lane lane, Duration silence, Work work) {
    schedule(subject, lane, silence, patience.firstRetry(), false, work);
  }

  /// The number of subjects with planned work.
  synchronized int size() {
    return planned.size();
  }

  /// Whether work on a subject is planned or running.
  synchronized boolean has(Object subject) {
    return planned.containsKey(subject) || running.contains(subject);
  }

  private synchronized void schedule(
      Object subject, Lane lane, Duration delay, Duration retry, boolean afterFailure, Work work) {
    if (quick.isShutdown()) {
      return;
    }
    Planned before = planned.get(subject);
    if (before != null) {
      before.future().cancel(false);
    }
    planned.put(
        subject,
        new Planned(
            quick.schedule(
                () -> begin(subject, lane, retry, work), delay.toNanos(), TimeUnit.NANOSECONDS),
            lane,
            work,
            retry,
            afterFailure));
  }

  private void begin(Object subject, Lane lane, Duration retry, Work work) {
    synchronized (this) {
      planned.remove(subject);
      if (!running.add(subject)) {
        schedule(subject, lane, SHORTLY, retry, false, work);
        return;
      }
    }
    switch (lane) {
      case QUICK -> run(subject, lane, retry, work);
      case SLOW -> {
        try {
          slow.execute(() -> run(subject, lane, retry, work));
        } catch (RejectedExecutionException _) {
          // The queue is being closed; the next agent does the rest.
        }
      }
    }
  }

  /// An exception of one piece of work must not end the thread that other work needs.
  @SuppressWarnings("CatchingUnchecked")
  private void run(Object subject, Lane lane, Duration retry, Work work) {
    Progress progress = Progress.AGAIN;
    try {
      progress = work.run();
    } catch (RuntimeException | Error e) {
      log.warn("work on " + subject + " failed because of a defect; it is tried again later: " + e);
    } finally {
      ended(subject, lane, retry, work, progress);
    }
  }

  private synchronized void ended(
      Object subject, Lane lane, Duration retry, Work work, Progress progress) {
    running.remove(subject);
    switch (progress) {
      case DONE -> {}
      case CHANGED -> rest(subject);
      case AGAIN -> schedule(subject, lane, retry, patience.afterRetry(retry), true, work);
    }
  }

  /// Also delays work that was planned meanwhile: the running work itself may have caused those
  /// events.
  private void rest(Object subject) {
    long now = System.nanoTime();
    Rest before = rests.get(subject);
    rests.values().removeIf(rest -> rest.left().plus(patience.lastRest()).isNegative());
    Duration length =
        before != null && !before.left().plus(before.length()).isNegative()
            ? patience.afterRest(before.length())
            : patience.firstRest();
    rests.put(subject, new Rest(now + length.toNanos(), length));
    Planned meanwhile = planned.get(subject);
    if (meanwhile != null) {
      schedule(subject, meanwhile.lane(), length, meanwhile.retry(), false, meanwhile.work());
    }
  }

  /// Waits for running work. The next agent does the work that is only planned.
  @Override
  public void close() {
    synchronized (this) {
      quick.shutdown();
    }
    slow.shutdown();
    slow.getQueue().clear();
    try {
      if (!quick.awaitTermination(10, TimeUnit.SECONDS)
          || !slow.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("work did not end in time");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
