package dev.podbond.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class IdleTriggerTest {
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private record Planned(Runnable work, long dueNanos) {}

  private final Queue<Planned> plans = new ArrayDeque<>();
  private long nowNanos = Long.MAX_VALUE - SILENCE.toNanos();
  private int actions;
  private final IdleTrigger activity =
      new IdleTrigger(
          (work, delay) -> plans.add(new Planned(work, nowNanos + delay.toNanos())),
          () -> nowNanos,
          SILENCE,
          () -> actions++);

  @Test
  void actsOnceAfterEachTimeOfActivity() {
    for (int time = 1; time <= 2; time++) {
      for (int seconds = 1; seconds <= 30; seconds++) {
        activity.happened();
        pass(Duration.ofSeconds(1));
      }
      pass(SILENCE.minusSeconds(2));
      assertThat(actions).isEqualTo(time - 1);
      pass(Duration.ofSeconds(2));
      pass(SILENCE.multipliedBy(5));
      assertThat(actions).isEqualTo(time);
      assertThat(plans).isEmpty();
    }
  }

  /// At most one check is planned at a time.
  private void pass(Duration duration) {
    nowNanos += duration.toNanos();
    assertThat(plans).hasSizeLessThanOrEqualTo(1);
    Planned next = plans.peek();
    if (next != null && next.dueNanos() - nowNanos <= 0) {
      plans.remove();
      next.work().run();
    }
  }
}
