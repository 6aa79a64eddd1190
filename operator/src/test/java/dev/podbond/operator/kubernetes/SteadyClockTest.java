package dev.podbond.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class SteadyClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicReference<Instant> calendar = new AtomicReference<>(START);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final SteadyClock clock = new SteadyClock(calendar::get, nanos::get);

  /// A bond that went down 3 s before counts as down, whatever somebody does to the calendar.
  @Test
  void itGoesForwardAsTimePassesWhoeverSetsTheCalendar() {
    assertThat(clock.instant()).isEqualTo(START);
    for (Duration set : new Duration[] {Duration.ofHours(-1), Duration.ofDays(400)}) {
      calendar.set(START.plus(set));
      nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    }
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(6));
  }

  @Test
  void itBeginsAtTheTimeOfTheCalendar() {
    assertThat(Duration.between(Instant.now(), new SteadyClock().instant()).abs())
        .isLessThan(Duration.ofMinutes(1));
  }
}
