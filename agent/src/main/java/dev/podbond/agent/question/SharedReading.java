package dev.podbond.agent.question;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What costs something to read, for all who ask. It is read at most once in a second and by one
/// thread at a time, however many ask, and nobody waits long for it. Thread-safe.
final class SharedReading<T> {
  private static final Duration KEPT = Duration.ofSeconds(1);

  private final Supplier<T> reader;
  private final T unread;
  private final Waiting waiting;
  private volatile Optional<Read<T>> last = Optional.empty();
  private CompletableFuture<T> underWay = CompletableFuture.completedFuture(null);

  private record Read<T>(T value, long at) {}

  /// @param nanoTime the time, as [System#nanoTime]
  /// @param patience how long whoever asks waits for a reading
  record Waiting(LongSupplier nanoTime, Duration patience) {
    /// A second: what is known already is worth more than an answer that comes too late.
    static final Waiting USUAL = new Waiting(System::nanoTime, Duration.ofSeconds(1));
  }

  /// @param reader reads it afresh, and may take as long as the kernel keeps it waiting
  /// @param unread what is said before anything was read
  SharedReading(Supplier<T> reader, T unread, Waiting waiting) {
    this.reader = reader;
    this.unread = unread;
    this.waiting = waiting;
  }

  /// What was read within a second, or else what is read now. If that takes too long it is what was
  /// read last.
  T get() {
    return get(waiting.patience());
  }

  /// As [#get()] for whoever waits only so long.
  T get(Duration patience) {
    Optional<Read<T>> known = last;
    if (isFresh(known)) {
      return known.get().value();
    }
    try {
      return reading().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      return known.map(Read::value).orElse(unread);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return known.map(Read::value).orElse(unread);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /// The reading that is under way, or one that begins. It has a thread of its own, since whoever
  /// asks waits for the kernel no longer than its patience.
  private synchronized CompletableFuture<T> reading() {
    Optional<Read<T>> meanwhile = last;
    if (isFresh(meanwhile)) {
      return CompletableFuture.completedFuture(meanwhile.get().value());
    }
    if (underWay.isDone()) {
      CompletableFuture<T> begun = new CompletableFuture<>();
      Thread.ofPlatform().daemon().name("reading").start(() -> read(begun));
      // Not before there is somebody who completes it.
      underWay = begun;
    }
    return underWay;
  }

  private void read(CompletableFuture<T> begun) {
    try {
      T value = reader.get();
      last = Optional.of(new Read<>(value, waiting.nanoTime().getAsLong()));
      begun.complete(value);
    } catch (RuntimeException | Error e) {
      begun.completeExceptionally(e);
    }
  }

  private boolean isFresh(Optional<Read<T>> reading) {
    return reading.isPresent()
        && waiting.nanoTime().getAsLong() - reading.get().at() < KEPT.toNanos();
  }
}
