package dev.podbond.agent.question;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// However many ask, the node is read once in a second.
final class SharedReadingTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final AtomicInteger reads = new AtomicInteger();

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private SharedReading<Integer> reading(Supplier<Integer> reader) {
    return new SharedReading<>(
        reader, 0, new SharedReading.Waiting(now::get, Duration.ofMinutes(2)));
  }

  @Test
  void whoeverAsksWithinASecondGetsWhatWasRead() {
    SharedReading<Integer> reading = reading(reads::incrementAndGet);
    for (int i = 0; i < 1_000; i++) {
      assertThat(reading.get()).isEqualTo(1);
    }
    pass(Duration.ofMillis(999));
    assertThat(reading.get()).isEqualTo(1);
    pass(Duration.ofMillis(1));
    assertThat(reading.get()).isEqualTo(2);
    assertThat(reading.get()).isEqualTo(2);
  }

  /// The kernel may keep a reader waiting for as long as a call holds its lock.
  @Test
  void whileAReadingTakesLongWhoeverAsksGetsWhatWasReadLast() {
    CountDownLatch held = new CountDownLatch(1);
    SharedReading<Integer> reading =
        new SharedReading<>(
            () -> {
              int read = reads.incrementAndGet();
              if (read == 1) {
                await(held);
              }
              return read;
            },
            0,
            new SharedReading.Waiting(now::get, Duration.ofMillis(1)));
    assertThat(reading.get()).isZero();
    assertThat(reading.get()).isZero();
    held.countDown();
    await(() -> reading.get() == 1);
    assertThat(reads).hasValue(1);
  }

  @Test
  void whatWasReadLastIsSaidWhileTheNextReadingTakesLong() {
    CountDownLatch held = new CountDownLatch(1);
    SharedReading<Integer> reading =
        new SharedReading<>(
            () -> {
              int read = reads.incrementAndGet();
              if (read == 2) {
                await(held);
              }
              return read;
            },
            0,
            new SharedReading.Waiting(now::get, Duration.ofMillis(1)));
    await(() -> reading.get() == 1);
    pass(Duration.ofSeconds(1));
    assertThat(reading.timely()).as("what means nothing without its time").isZero();
    assertThat(reading.get()).isEqualTo(1);
    assertThat(reading.get()).isEqualTo(1);
    held.countDown();
    await(() -> reading.get() == 2);
    assertThat(reads).hasValue(2);
  }

  @Test
  void whatCouldNotBeReadIsReadAgain() {
    SharedReading<Integer> reading =
        reading(() -> {
          if (reads.incrementAndGet() == 1) {
            throw new IllegalStateException("not now");
          }
          return reads.get();
        });
    assertThatThrownBy(reading::get).hasRootCauseMessage("not now");
    assertThat(CompletableFuture.supplyAsync(reading::get).join()).isEqualTo(2);
  }

  @Test
  void whatRestsOnSomethingElseIsReadAnewWithinTheSecond() {
    AtomicInteger basis = new AtomicInteger();
    SharedReading<Integer> reading =
        new SharedReading<>(
            reads::incrementAndGet,
            basis::get,
            0,
            new SharedReading.Waiting(now::get, Duration.ofMinutes(2)));
    assertThat(reading.get()).isEqualTo(1);
    basis.incrementAndGet();
    assertThat(reading.get()).isEqualTo(2);
    assertThat(reading.get()).isEqualTo(2);
  }

  /// The carrier was read, and then the cable was cut.
  @Test
  void whatIsOutOfDateBeforeItIsSaidIsReadAgainAndNotWithoutEnd() {
    AtomicInteger basis = new AtomicInteger();
    SharedReading<Integer> reading =
        new SharedReading<>(
            () -> {
              int read = reads.incrementAndGet();
              return read == 2 ? read : basis.incrementAndGet() * 100;
            },
            basis::get,
            0,
            new SharedReading.Waiting(now::get, Duration.ofMinutes(2)));
    assertThat(reading.get()).isEqualTo(2);
    pass(Duration.ofSeconds(1));
    reads.set(10);
    assertThat(reading.get()).isPositive();
    assertThat(reads.get()).as("it goes on changing").isEqualTo(14);
    assertThat(reading.get()).isPositive();
    assertThat(reads.get()).as("and is not taken for true").isEqualTo(18);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
