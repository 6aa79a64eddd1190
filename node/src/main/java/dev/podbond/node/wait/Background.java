package dev.podbond.node.wait;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Work beside that of the caller. Beside a thread of the machine's it is on another one, kept for
/// a minute: to start one costs more than most of what a call does. Beside a virtual thread it is
/// on one of these, since there may be hundreds of them, all waiting.
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
