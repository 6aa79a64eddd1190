package dev.podbond.cluster.observed;

import java.time.Duration;
import java.time.Instant;

/// How many events one node may cause within a minute: a node that was taken over must not fill the
/// cluster with them.
///
/// @param start of the present minute
record Budget(Instant start, int spent) {
  static final int MOST = 60;
  static final Budget NEW = new Budget(Instant.EPOCH, 0);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  Budget at(Instant now) {
    return now.isBefore(start.plus(MINUTE)) ? this : new Budget(now, 0);
  }

  boolean isEmpty() {
    return spent >= MOST;
  }

  Budget less() {
    return new Budget(start, spent + 1);
  }
}
