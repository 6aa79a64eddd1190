package dev.podbond.netlink.socket;

import java.time.Duration;

/// A moment on the monotonic clock.
record Deadline(long nanoTime) {
  private static final Duration FAR = Duration.ofDays(365);

  static Deadline in(Duration duration) {
    Duration capped = duration.compareTo(FAR) < 0 ? duration : FAR;
    return new Deadline(System.nanoTime() + capped.toNanos());
  }

  boolean isOver() {
    return nanoTime - System.nanoTime() <= 0;
  }

  /// The timeout for poll(2), rounded up, so that poll does not return just before the deadline.
  int remainingMillis() {
    long nanos = Math.max(0, nanoTime - System.nanoTime());
    return (int) Math.min(Integer.MAX_VALUE, (nanos + 999_999) / 1_000_000);
  }
}
