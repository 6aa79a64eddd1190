package dev.podbond.parity;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/// Waits for what a kernel does in its own time.
final class Waiting {
  private static final long LIMIT_SECONDS = 60;
  private static final long PAUSE_MILLIS = 50;

  private Waiting() {}

  /// Something that may not be so yet.
  @FunctionalInterface
  interface Condition {
    boolean holds() throws IOException;
  }

  static void until(String what, Condition condition) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(what + ": not so after " + LIMIT_SECONDS + " s");
      }
      pause(PAUSE_MILLIS);
    }
  }

  static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
