package dev.podbond.acceptance;

import java.time.Duration;

/// Waits for effects that a kernel makes in its own time.
final class Eventually {
  /// Generous, since the guest's processor is emulated and shared: beside other work it is three
  /// times as slow. Only a failure takes this long.
  static final Duration LONG = Duration.ofMinutes(5);

  private static final Duration PAUSE = Duration.ofMillis(50);

  private Eventually() {}

  /// A condition that may not hold yet.
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
