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
/// thread at a time, however many ask, unless what it rests on has changed since; and nobody waits
/// long for it. Thread-safe.
final class SharedReading<T> {
  private static final Duration KEPT = Duration.ofSeconds(1);

  /// What changes again and again while it is read is read anew for the next who asks.
  private static final int MOST_REPEATS = 3;

  private final Supplier<T> reader;
  private final Supplier<?> basis;
  private final T unread;
  private final Waiting waiting;
  private volatile Optional<Read<T>> last = Optional.empty();
  private CompletableFuture<T> underWay = CompletableFuture.completedFuture(null);

  /// @param basis what it rests on, as that was before it was read
  private record Read<T>(T value, long at, Object basis) {}

  /// @param nanoTime the time, as [System#nanoTime]
  /// @param patience how long whoever asks waits for a reading
  record Waiting(LongSupplier nanoTime, Duration patience) {
    /// A second: what is known already is worth more than an answer that comes too late.
    static final Waiting USUAL = new Waiting(System::nanoTime, Duration.ofSeconds(1));
  }

  /// @param reader reads it afresh, and may take as long as the kernel keeps it waiting
  /// @param unread what is said before anything was read
  SharedReading(Supplier<T> reader, T unread, Waiting waiting) {
    this(reader, () -> unread, unread, waiting);
  }

  /// @param basis what the reading rests on: once it is another, what was read is out of date. It
  ///   costs nothing to ask for
  SharedReading(Supplier<T> reader, Supplier<?> basis, T unread, Waiting waiting) {
    this.reader = reader;
    this.basis = basis;
    this.unread = unread;
    this.waiting = waiting;
  }

  /// What was read within a second, if what it rests on is the same; or else what is read now. If
  /// that takes too long it is what was read last.
  T get() {
    return get(waiting.patience());
  }

  /// As [#get()] for whoever waits only so long.
  T get(Duration patience) {
    Optional<Read<T>> known = last;
    return get(patience, known.map(Read::value).orElse(unread));
  }

  /// As [#get()], but what takes too long is unread: for what means nothing without its time.
  T timely() {
    return get(waiting.patience(), unread);
  }

  private T get(Duration patience, T otherwise) {
    Optional<Read<T>> known = last;
    if (isFresh(known)) {
      return known.get().value();
    }
    try {
      return reading().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      return otherwise;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return otherwise;
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
      Object before = basis.get();
      T value = reader.get();
      for (int i = 0; i < MOST_REPEATS && !before.equals(basis.get()); i++) {
        before = basis.get();
        value = reader.get();
      }
      last = Optional.of(new Read<>(value, waiting.nanoTime().getAsLong(), before));
      begun.complete(value);
    } catch (RuntimeException | Error e) {
      begun.completeExceptionally(e);
    }
  }

  private boolean isFresh(Optional<Read<T>> reading) {
    return reading.isPresent()
        && waiting.nanoTime().getAsLong() - reading.get().at() < KEPT.toNanos()
        && reading.get().basis().equals(basis.get());
  }
}
