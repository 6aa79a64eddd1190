package dev.podbond.agent.interleaving;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// One run of a scenario. Of its threads one goes on at a time: until a point at which the schedule
/// says to switch, or until it ends or waits for another.
public final class Schedule {
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(1);

  /// Between looks at the threads, which need the processor more.
  private static final long BREATH_NANOS = 10_000;

  private final List<Actor> threads = new ArrayList<>();
  private final Map<Integer, Integer> switches;
  private final List<String> switched = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final AtomicReference<Actor> current;

  /// Points so far; only the thread that goes on counts.
  private volatile int points;

  private final class Actor extends Thread {
    private final Runnable body;
    private volatile boolean waits;
    private volatile boolean over;

    Actor(int number, Runnable body) {
      super("thread " + number);
      this.body = body;
      setDaemon(true);
    }

    @Override
    public void run() {
      awaitTurn();
      try {
        body.run();
      } catch (Throwable e) {
        failures.add(e);
      }
      over = true;
      next(this).ifPresent(next -> pass(this, next));
    }

    void point() {
      if (current.get() != this) {
        awaitTurn();
        return;
      }
      Optional.ofNullable(switches.get(points++))
          .flatMap(which -> other(this, which))
          .ifPresent(other -> {
            switched.add(place() + " to " + other.getName());
            pass(this, other);
            awaitTurn();
          });
    }

    private void awaitTurn() {
      waits = true;
      while (current.get() != this) {
        LockSupport.park(Schedule.this);
      }
      waits = false;
    }

    /// Whether it can only go on if another does.
    boolean isStuck() {
      return !waits
          && switch (getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            case NEW, RUNNABLE, TERMINATED -> over;
          };
    }

    private String place() {
      StackFrame frame =
          StackWalker.getInstance()
              .walk(frames ->
                  frames
                      .dropWhile(f -> !Interleavings.isOfTheProduct(f.getClassName()))
                      .findFirst()
                      .orElseThrow());
      return getName() + " before " + frame.getMethodName() + ":" + frame.getLineNumber();
    }
  }

  /// @param first which thread begins
  /// @param switches to which of the others to switch, by point
  Schedule(List<Runnable> bodies, int first, Map<Integer, Integer> switches) {
    this.switches = switches;
    for (Runnable body : bodies) {
      threads.add(new Actor(threads.size(), body));
    }
    this.current = new AtomicReference<>(threads.get(first));
  }

  /// Called before whatever another thread could notice. A scenario calls it where its own work is
  /// half done.
  public static void point() {
    if (Thread.currentThread() instanceof Actor thread) {
      thread.point();
    }
  }

  /// Runs all to their ends.
  ///
  /// @return how many points there were
  /// @throws AssertionError if one failed, or none can go on
  int run() {
    Actor first = current.get();
    threads.stream().filter(thread -> thread != first).forEach(Thread::start);
    while (!threads.stream().allMatch(thread -> thread == first || thread.waits)) {
      LockSupport.parkNanos(BREATH_NANOS);
    }
    first.start();
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!threads.stream().allMatch(thread -> thread.over)) {
      Actor stuck = current.get();
      if (stuck.isStuck()) {
        LockSupport.parkNanos(BREATH_NANOS);
        if (stuck.isStuck()) {
          next(stuck).ifPresent(next -> pass(stuck, next));
        }
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("they wait for each other, " + this);
      }
      LockSupport.parkNanos(BREATH_NANOS);
    }
    if (!failures.isEmpty()) {
      throw new AssertionError(this.toString(), failures.getFirst());
    }
    return points;
  }

  private void pass(Actor from, Actor to) {
    if (current.compareAndSet(from, to)) {
      LockSupport.unpark(to);
    }
  }

  private Optional<Actor> next(Actor from) {
    return other(from, 0);
  }

  private Optional<Actor> other(Actor from, int which) {
    List<Actor> others =
        threads.stream().filter(thread -> thread != from && thread.waits && !thread.over).toList();
    return others.isEmpty() ? Optional.empty() : Optional.of(others.get(which % others.size()));
  }

  @Override
  public String toString() {
    return "with the switches " + switched;
  }
}
