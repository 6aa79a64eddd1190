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

/// Work of which it is enough to do it once for many reasons, and again later where it could not be
/// finished.
///
/// Whoever is in a pod can make reasons without end. So a subject whose work failed is left alone
/// until its time comes, whatever happens meanwhile, later each time; and one whose work had to
/// change something rests before it is looked at again, longer if that goes on.
final class WorkQueue implements AutoCloseable {
  /// Where work is done.
  enum Lane {
    /// In one thread: what asks nobody but the kernel and the disk.
    QUICK,
    /// In a few threads: what may wait for an IPAM plugin.
    SLOW
  }

  /// How a piece of work ended.
  enum Progress {
    /// Nothing is left to be done.
    DONE,
    /// Something had to be changed, and nothing is left to be done.
    CHANGED,
    /// It could not be finished.
    AGAIN
  }

  /// A piece of work.
  @FunctionalInterface
  interface Work {
    Progress run();
  }

  /// How long subjects are left alone.
  ///
  /// @param firstRetry after a first failure; twice as long after each further one
  /// @param lastRetry at most
  /// @param firstRest after a change; twice as long where it follows the last one closely
  /// @param lastRest at most
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

  /// Until a subject that is being worked on is free.
  private static final Duration SHORTLY = Duration.ofMillis(200);

  private final AgentLog log;
  private final Patience patience;
  private final ScheduledThreadPoolExecutor quick =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("work-queue").factory());
  private final ThreadPoolExecutor slow =
      new ThreadPoolExecutor(
          SLOW_THREADS,
          SLOW_THREADS,
          IDLE_LIMIT.toSeconds(),
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().name("slow-work-", 1).factory());
  private final Map<Object, Planned> planned = new HashMap<>();
  private final Map<Object, Rest> rests = new HashMap<>();
  private final Set<Object> running = new HashSet<>();

  /// What is to be done next for a subject.
  ///
  /// @param retry what to wait for after the next failure
  /// @param afterFailure whether the subject is left alone because its work failed
  private record Planned(
      ScheduledFuture<?> future, Lane lane, Work work, Duration retry, boolean afterFailure) {}

  /// A subject that was changed is left alone for a while.
  private record Rest(long untilNanos, Duration length) {
    Duration left() {
      return Duration.ofNanos(untilNanos - System.nanoTime());
    }
  }

  WorkQueue(AgentLog log) {
    this(log, Patience.USUAL);
  }

  WorkQueue(AgentLog log, Patience patience) {
    this.log = log;
    this.patience = patience;
    slow.allowCoreThreadTimeOut(true);
    quick.setRemoveOnCancelPolicy(true);
    quick.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Plans work on a subject, unless some is planned for as soon, or it is left alone.
  synchronized void plan(Object subject, Lane lane, Duration delay, Work work) {
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

  /// How many subjects have work planned.
  synchronized int size() {
    return planned.size();
  }

  /// Whether work on a subject is planned, or under way.
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
          // Being stopped: what is left is the next agent's.
        }
      }
    }
  }

  /// Nothing that a piece of work throws may end the thread that others wait for.
  @SuppressWarnings("CatchingUnchecked")
  private void run(Object subject, Lane lane, Duration retry, Work work) {
    Progress progress = Progress.AGAIN;
    try {
      progress = work.run();
    } catch (RuntimeException | Error e) {
      log.warn("work on " + subject + " failed by a defect, and is tried again later: " + e);
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

  /// What was planned while the work was under way, by the very events that it made, waits too.
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

  /// Waits for what is being done; what is only planned is left to the next agent.
  @Override
  public void close() {
    quick.shutdown();
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
