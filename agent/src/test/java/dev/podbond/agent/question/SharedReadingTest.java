package dev.podbond.agent.question;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// However many ask, the node is read once in a second.
final class SharedReadingTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final AtomicInteger reads = new AtomicInteger();

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void whoeverAsksWithinASecondGetsWhatWasRead() {
    SharedReading<Integer> reading = new SharedReading<>(reads::incrementAndGet, now::get);
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
  void whileOneReadsOthersGetWhatWasReadLast() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    SharedReading<Integer> reading =
        new SharedReading<>(
            () -> {
              int read = reads.incrementAndGet();
              if (read == 2) {
                begun.countDown();
                await(held);
              }
              return read;
            },
            now::get);
    assertThat(reading.get()).isEqualTo(1);
    pass(Duration.ofSeconds(1));
    CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(reading::get);
    await(begun);
    assertThat(reading.get()).isEqualTo(1);
    held.countDown();
    assertThat(reader.get(2, TimeUnit.MINUTES)).isEqualTo(2);
    assertThat(reading.get()).isEqualTo(2);
  }

  @Test
  void whatCouldNotBeReadIsReadAgain() {
    SharedReading<Integer> reading =
        new SharedReading<>(
            () -> {
              if (reads.incrementAndGet() == 1) {
                throw new IllegalStateException("not now");
              }
              return reads.get();
            },
            now::get);
    assertThatThrownBy(reading::get).hasMessage("not now");
    assertThat(CompletableFuture.supplyAsync(reading::get).join()).isEqualTo(2);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
