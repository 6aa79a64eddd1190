package dev.podbond.acceptance;

import java.time.Duration;

/// Waits for what a kernel does in its own time.
final class Eventually {
  /// Generous: the guest's processor is emulated, and shared. Only what fails takes as long.
  static final Duration LONG = Duration.ofMinutes(2);

  private static final Duration PAUSE = Duration.ofMillis(50);

  private Eventually() {}

  /// Something that may not be so yet.
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  static void is(String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(what + ": not so after " + LONG.toSeconds() + " s");
      }
      Thread.sleep(PAUSE);
    }
  }
}
