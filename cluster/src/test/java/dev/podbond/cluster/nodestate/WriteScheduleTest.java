package dev.podbond.cluster.nodestate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WriteScheduleTest {
  private static final Duration BEGIN = Duration.ofHours(1);

  private static final WriteSchedule EXACT =
      new WriteSchedule(0, WriteSchedule.SHORTEST_GAP, Optional.empty());

  private static Duration at(long seconds) {
    return BEGIN.plusSeconds(seconds);
  }

  @Test
  void theFirstChangeIsWrittenAtOnce() {
    assertThat(EXACT.delay(BEGIN)).isZero();
  }

  @Test
  void furtherOnesWaitTenSecondsAfterTheFirst() {
    WriteSchedule written = EXACT.written(at(0));
    assertThat(written.delay(at(0))).hasSeconds(10);
    assertThat(written.delay(at(3))).hasSeconds(7);
    assertThat(written.delay(at(10))).isZero();
    assertThat(written.delay(at(500))).isZero();
  }

  /// A bond that changes each second: when it is written.
  @Test
  void whileABondFlapsItIsWrittenOnceInAMinute() {
    List<Long> writes = new ArrayList<>();
    WriteSchedule schedule = EXACT;
    for (long second = 0; second < 600; second++) {
      if (schedule.delay(at(second)).isZero()) {
        writes.add(second);
        schedule = schedule.written(at(second));
      }
    }
    assertThat(writes).startsWith(0L, 10L, 30L, 70L, 130L, 190L).hasSize(12);
  }

  @Test
  void afterAQuietTimeItIsAsAtTheBeginning() {
    WriteSchedule flapping =
        EXACT.written(at(0)).written(at(10)).written(at(30)).written(at(70)).written(at(130));
    assertThat(flapping.gap()).isEqualTo(WriteSchedule.LONGEST_GAP);
    assertThat(flapping.written(at(249)).gap()).isEqualTo(WriteSchedule.LONGEST_GAP);
    assertThat(flapping.written(at(250)).gap()).isEqualTo(WriteSchedule.SHORTEST_GAP);
  }

  /// A switch that dies changes bonds of every node in one second.
  @Test
  void nodesWriteAgainAtDifferentTimes() {
    long delays =
        java.util.stream.IntStream.range(0, 1000)
            .mapToObj(i -> WriteSchedule.start("node-" + i).written(BEGIN).delay(BEGIN))
            .peek(delay ->
                assertThat(delay).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(15)))
            .map(delay -> delay.toMillis() / 100)
            .distinct()
            .count();
    assertThat(delays).isGreaterThan(20);
  }
}
