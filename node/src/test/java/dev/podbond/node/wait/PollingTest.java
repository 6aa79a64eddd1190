package dev.podbond.node.wait;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PollingTest {
  private final SteppedPace pace = new SteppedPace();
  private final Polling polling = new Polling(pace);

  @Test
  void aConditionThatHoldsIsSeenWithoutAPause() {
    assertThat(polling.until(() -> true, Duration.ZERO)).isTrue();
    assertThat(pace.pauses()).isEmpty();
  }

  @Test
  void aConditionIsAskedOnceEvenWithoutTime() {
    AtomicInteger asked = new AtomicInteger();
    assertThat(polling.until(() -> asked.incrementAndGet() < 0, Duration.ZERO)).isFalse();
    assertThat(asked).hasValue(1);
  }

  @Test
  void pausesDoubleUpToTenMillisecondsAndEndExactlyAtTheLimit() {
    assertThat(polling.until(() -> false, Duration.ofMillis(40))).isFalse();
    assertThat(pace.pauses())
        .extracting(Duration::toMillis)
        .containsExactly(1L, 2L, 4L, 8L, 10L, 10L, 5L);
  }

  @Test
  void aConditionThatBecomesTrueEndsTheWait() {
    AtomicInteger asked = new AtomicInteger();
    assertThat(polling.until(() -> asked.incrementAndGet() == 4, Duration.ofMinutes(1))).isTrue();
    assertThat(pace.pauses()).hasSize(3);
  }

  @Test
  void anInterruptEndsTheWaitAndIsKept() {
    Polling real = new Polling(WaitClock.SYSTEM);
    Thread.currentThread().interrupt();
    assertThat(real.until(() -> false, Duration.ofMinutes(1))).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }
}
