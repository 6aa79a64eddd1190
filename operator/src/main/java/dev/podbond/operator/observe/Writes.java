package dev.podbond.operator.observe;

import dev.podbond.operator.kubernetes.Alone;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// Writes that wait for their turn: so many at once, and so many a second. A write for which a
/// newer one of the same object comes is not made.
final class Writes implements AutoCloseable {
  private final String what;
  private final Duration pause;
  private final int most;
  private final Semaphore turns;
  private final Map<String, Runnable> waiting = new LinkedHashMap<>();
  private final Thread thread;
  private long dropped;

  /// @param what is written, in the log
  /// @param perSecond how many writes begin in a second
  /// @param atOnce how many are under way
  /// @param most how many wait; beyond that the oldest are dropped
  Writes(String what, int perSecond, int atOnce, int most) {
    this.what = what;
    this.pause = Duration.ofSeconds(1).dividedBy(perSecond);
    this.most = most;
    turns = new Semaphore(atOnce);
    thread = Thread.ofPlatform().daemon().name("writes-of-" + what).start(this::work);
  }

  /// Has something written.
  ///
  /// @param key the object; a write of the same key that waits is replaced
  synchronized void add(String key, Runnable write) {
    if (waiting.putIfAbsent(key, write) != null) {
      waiting.put(key, write);
    } else if (waiting.size() > most) {
      Iterator<String> oldest = waiting.keySet().iterator();
      oldest.next();
      oldest.remove();
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

  private synchronized Runnable next() throws InterruptedException {
    while (waiting.isEmpty()) {
      wait();
    }
    Iterator<Runnable> first = waiting.values().iterator();
    Runnable write = first.next();
    first.remove();
    return write;
  }

  private void work() {
    try {
      while (true) {
        turns.acquire();
        Runnable write = next();
        Thread.ofVirtual()
            .start(() -> {
              try {
                var _ = Alone.attempt(() -> "a write of " + what, write);
              } finally {
                turns.release();
              }
            });
        Thread.sleep(pause);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
