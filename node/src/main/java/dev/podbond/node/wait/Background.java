package dev.podbond.node.wait;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Work beside that of the caller, on threads that are kept for a minute: to start one costs more
/// than most of what a call does.
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
    THREADS.execute(work);
  }
}
