package dev.podbond.agent.question;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What costs something to read, for all who ask. It is read at most once in a second and by one at
/// a time, however many ask. Thread-safe.
final class SharedReading<T> {
  private static final Duration KEPT = Duration.ofSeconds(1);

  private final Supplier<T> reader;
  private final LongSupplier nanoTime;
  private final ReentrantLock underWay = new ReentrantLock();
  private volatile Optional<Read<T>> last = Optional.empty();

  private record Read<T>(T value, long at) {}

  /// @param reader reads it afresh
  /// @param nanoTime the time, as [System#nanoTime]
  SharedReading(Supplier<T> reader, LongSupplier nanoTime) {
    this.reader = reader;
    this.nanoTime = nanoTime;
  }

  /// What was read within a second, or else what is read now. While somebody else reads, it is what
  /// was read last, and only who asks before anything was read waits.
  T get() {
    Optional<Read<T>> known = last;
    if (isFresh(known)) {
      return known.get().value();
    }
    if (known.isEmpty()) {
      underWay.lock();
    } else if (!underWay.tryLock()) {
      return known.get().value();
    }
    try {
      Optional<Read<T>> meanwhile = last;
      if (isFresh(meanwhile)) {
        return meanwhile.get().value();
      }
      T value = reader.get();
      last = Optional.of(new Read<>(value, nanoTime.getAsLong()));
      return value;
    } finally {
      underWay.unlock();
    }
  }

  private boolean isFresh(Optional<Read<T>> reading) {
    return reading.isPresent() && nanoTime.getAsLong() - reading.get().at() < KEPT.toNanos();
  }
}
