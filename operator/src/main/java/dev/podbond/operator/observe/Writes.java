package dev.podbond.operator.observe;

import dev.podbond.operator.kubernetes.Alone;
import java.time.Duration;
import java.util.Optional;

/// Writes that wait for their turn: so many at once, so many a second, and of one object one at a
/// time. A write for which a newer one of the same object comes is not made.
final class Writes implements AutoCloseable {
  private final String what;
  private final Duration pause;
  private final WriteQueue<Runnable> queue;
  private final Thread thread;
  private long dropped;

  /// @param what is written, in the log
  /// @param perSecond how many writes begin in a second
  /// @param atOnce how many are under way
  /// @param most how many wait; beyond that the oldest are dropped
  Writes(String what, int perSecond, int atOnce, int most) {
    this.what = what;
    this.pause = Duration.ofSeconds(1).dividedBy(perSecond);
    queue = new WriteQueue<>(atOnce, most);
    thread = Thread.ofPlatform().daemon().name("writes-of-" + what).start(this::work);
  }

  /// Has something written.
  ///
  /// @param key the object; a write of the same key that waits is replaced
  synchronized void add(String key, Runnable write) {
    if (queue.add(key, write)) {
      dropped++;
      if (Long.bitCount(dropped) == 1) {
        System.getLogger(Writes.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "too many {0} at a time: {1} of them were not written since the start",
                what,
                dropped);
      }
    }
    notifyAll();
  }

  /// Drops the write of this object that waits, if there is one.
  synchronized void forget(String key) {
    queue.forget(key);
  }

  private synchronized WriteQueue.Turn<Runnable> next() throws InterruptedException {
    while (true) {
      Optional<WriteQueue.Turn<Runnable>> turn = queue.next();
      if (turn.isPresent()) {
        return turn.get();
      }
      wait();
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
    try {
      var _ = Alone.attempt(() -> "a write of " + what, turn.write());
    } finally {
      end(turn.key());
    }
  }

  private synchronized void end(String key) {
    queue.end(key);
    notifyAll();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
