package dev.podbond.operator.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Writes that wait for their turn: so many at once, so many a second, and of one object one at a
/// time. A write for which a newer one of the same object comes is not made.
final class Writes implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Writes.class.getName());

  private final String what;
  private final Duration pause;
  private final boolean isTriedAgain;
  private final WriteQueue<Runnable> queue;
  private final Thread thread;
  private final long start = System.nanoTime();
  private long dropped;

  private Writes(String what, int perSecond, int atOnce, int most, boolean isTriedAgain) {
    this.what = what;
    this.pause = Duration.ofSeconds(1).dividedBy(perSecond);
    this.isTriedAgain = isTriedAgain;
    queue = new WriteQueue<>(atOnce, most);
    thread = Thread.ofPlatform().daemon().name("writes-of-" + what).start(this::work);
  }

  /// Writes that are tried once.
  ///
  /// @param what is written, in the log
  /// @param perSecond how many begin in a second
  /// @param atOnce how many are under way
  /// @param most how many wait; beyond that the oldest are dropped
  static Writes once(String what, int perSecond, int atOnce, int most) {
    return new Writes(what, perSecond, atOnce, most, false);
  }

  /// Writes that are tried until they succeed or are forgotten. As many may wait as there are
  /// objects.
  ///
  /// @param what is written, in the log
  /// @param perSecond how many begin in a second
  /// @param atOnce how many are under way
  static Writes lasting(String what, int perSecond, int atOnce) {
    return new Writes(what, perSecond, atOnce, Integer.MAX_VALUE, true);
  }

  /// Has something written that belongs to nobody.
  ///
  /// @param key as of the other method
  void add(String key, Runnable write) {
    add(key, key, write);
  }

  /// Has something written.
  ///
  /// @param owner the namespace, which never has all the turns
  /// @param key the object, also for the log; a write of the same key that waits is replaced
  /// @param write fails if it throws
  synchronized void add(String owner, String key, Runnable write) {
    if (queue.add(owner, key, write, now())) {
      dropped++;
      if (Long.bitCount(dropped) == 1) {
        LOG.log(
            System.Logger.Level.WARNING,
            "too many {0} at a time: {1} of them were not written since the start",
            what,
            dropped);
      }
    }
    notifyAll();
  }

  /// Drops the write of this object, if there is one.
  synchronized void forget(String key) {
    queue.forget(key);
  }

  /// On a clock that nobody sets.
  private Instant now() {
    return Instant.EPOCH.plusNanos(System.nanoTime() - start);
  }

  private synchronized WriteQueue.Turn<Runnable> next() throws InterruptedException {
    while (true) {
      Instant now = now();
      Optional<WriteQueue.Turn<Runnable>> turn = queue.next(now);
      if (turn.isPresent()) {
        return turn.get();
      }
      // Zero would be without end.
      wait(queue.pause(now).map(time -> time.toMillis() + 1).orElse(0L));
    }
  }

  private void work() {
    try {
      while (true) {
        WriteQueue.Turn<Runnable> turn = next();
        Thread.ofVirtual().start(() -> make(turn));
        Thread.sleep(pause);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void make(WriteQueue.Turn<Runnable> turn) {
    Optional<Throwable> problem = Optional.empty();
    try {
      turn.write().run();
    } catch (Throwable e) {
      problem = Optional.of(e);
    }
    if (problem.isEmpty()) {
      made(turn.key());
    } else if (isTriedAgain) {
      failed(turn, problem.get());
    } else {
      LOG.log(
          System.Logger.Level.WARNING, "one of the " + what + " was not written", problem.get());
      made(turn.key());
    }
  }

  private synchronized void made(String key) {
    boolean wereFailing = queue.failing() > 0;
    queue.made(key, now());
    if (wereFailing && queue.failing() == 0) {
      LOG.log(System.Logger.Level.INFO, "all {0} could be written again", what);
    }
    notifyAll();
  }

  /// If all of them fail, a few lines of the log are enough.
  private synchronized void failed(WriteQueue.Turn<Runnable> turn, Throwable problem) {
    if (queue.failed(turn, now()) && Integer.bitCount(queue.failing()) == 1) {
      LOG.log(
          System.Logger.Level.WARNING,
          "cannot write the "
              + what
              + ": "
              + turn.key()
              + ", tried again until it succeeds, as "
              + queue.failing()
              + " are now",
          problem);
    }
    notifyAll();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
