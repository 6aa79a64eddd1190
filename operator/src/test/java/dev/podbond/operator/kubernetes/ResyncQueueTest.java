package dev.podbond.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ResyncQueueTest {
  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration NEVER = Duration.ofDays(1);
  private static final long LIMIT_SECONDS = 60;

  private final Semaphore runs = new Semaphore(0);

  private boolean runsOnceMore() throws InterruptedException {
    return runs.tryAcquire(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void aChangeDoesNotWaitForTheNextTryAfterAFailure() throws Exception {
    ResyncQueue queue = new ResyncQueue(runs::release, SOON, NEVER);
    queue.again();
    queue.handler().onAdd(new Object());
    assertThat(runsOnceMore()).isTrue();
  }

  @Test
  void whoeverGrantsMoreTimeDoesNotPutTheRunOff() throws Exception {
    try (ResyncQueue queue = new ResyncQueue(runs::release)) {
      queue.request(SOON);
      queue.request(NEVER);
      assertThat(runsOnceMore()).isTrue();
    }
  }

  @Test
  void aBurstOfEventsIsOneRun() throws Exception {
    ResyncQueue queue = new ResyncQueue(runs::release, Duration.ofMillis(300), NEVER);
    for (int i = 0; i < 100; i++) {
      queue.<Object>handler().onUpdate("old", "new");
    }
    assertThat(runsOnceMore()).isTrue();
    assertThat(runs.availablePermits()).isLessThan(3);
  }

  @Test
  void aRunThatFailsIsTriedAgain() throws Exception {
    AtomicBoolean failed = new AtomicBoolean();
    ResyncQueue queue =
        new ResyncQueue(
            () -> {
              runs.release();
              if (failed.compareAndSet(false, true)) {
                throw new IllegalStateException("the first one fails");
              }
            },
            NEVER,
            SOON);
    queue.start();
    assertThat(runsOnceMore()).isTrue();
    assertThat(runsOnceMore()).isTrue();
  }
}
