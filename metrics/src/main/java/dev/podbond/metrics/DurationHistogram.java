package dev.podbond.metrics;

import java.time.Duration;

/// Counts durations up to bounds between 10 ms and 10 s. Any thread may add.
public final class DurationHistogram {
  private static final long[] BOUNDS_MILLIS = {
    10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000
  };

  private final long[] counts = new long[BOUNDS_MILLIS.length + 1];
  private long sumMicros;

  /// Without a duration.
  public DurationHistogram() {}

  /// Counts one duration.
  public synchronized void add(Duration duration) {
    int bucket = 0;
    while (bucket < BOUNDS_MILLIS.length
        && duration.compareTo(Duration.ofMillis(BOUNDS_MILLIS[bucket])) > 0) {
      bucket++;
    }
    counts[bucket]++;
    sumMicros += duration.toNanos() / 1_000;
  }

  /// How many durations were counted.
  public synchronized long count() {
    long all = 0;
    for (long count : counts) {
      all += count;
    }
    return all;
  }

  /// Receives the counts.
  interface Reader {
    /// The number of durations up to a bound.
    void bucket(long boundMillis, long upToIt);

    /// The number of all durations, and their sum.
    void whole(long count, long sumMicros);
  }

  /// Hands over all counts as they are at one time.
  synchronized void read(Reader reader) {
    long upToIt = 0;
    for (int i = 0; i < BOUNDS_MILLIS.length; i++) {
      upToIt += counts[i];
      reader.bucket(BOUNDS_MILLIS[i], upToIt);
    }
    reader.whole(upToIt + counts[BOUNDS_MILLIS.length], sumMicros);
  }
}
