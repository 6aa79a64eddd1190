package dev.podbond.node.wait;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Runs work beside its caller. For a caller on a platform thread it uses another platform thread,
/// kept for a minute: starting one costs more than most of what a call does. For a caller on a
/// virtual thread it starts a virtual thread, since there may be hundreds, all waiting.
public final class Background {
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          Thread.ofPlatform()
              .daemon()
              .inheritInheritableThreadLocals(false)
              .name("background-", 1)
              .factory());

  private Background() {}

  /// Begins at once. The process does not wait for it to end.
  public static void start(Runnable work) {
    if (Thread.currentThread().isVirtual()) {
      Thread.ofVirtual().start(work);
    } else {
      THREADS.execute(work);
    }
  }
}
