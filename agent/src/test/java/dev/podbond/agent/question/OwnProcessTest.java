package dev.podbond.agent.question;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.metrics.NodeReading;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// The process tells of itself what the JDK tells of it, for less.
final class OwnProcessTest {
  private static final String STAT =
      "7 (a) b (c) S 1 7 7 0 -1 4194560 100 0 0 0 120 34 0 0 20 0 30 0 131045 3133440 395 0";

  @Test
  void itIsAsTheJdkSays() {
    ProcessHandle.Info known = ProcessHandle.current().info();
    Duration before = known.totalCpuDuration().orElseThrow();
    NodeReading.ProcessReading read = OwnProcess.read();
    Duration after = ProcessHandle.current().info().totalCpuDuration().orElseThrow();

    assertThat(read.cpuMillis()).isBetween(before.toMillis(), after.toMillis());
    assertThat(read.startMillis())
        .isEqualTo(known.startInstant().map(Instant::toEpochMilli).orElseThrow());
    assertThat(read.residentBytes()).isBetween(10L << 20, 1L << 40);
  }

  @Test
  void aProgramMayHaveAnyName() {
    assertThat(OwnProcess.cpuMillis(STAT)).isEqualTo(1_540);
  }

  @Test
  void whatTheKernelDoesNotSayIsNothing() {
    assertThat(OwnProcess.cpuMillis("")).isZero();
    assertThat(OwnProcess.cpuMillis("7 (a) S 1 2")).isZero();
    assertThat(OwnProcess.residentBytes("")).isZero();
    assertThat(OwnProcess.residentBytes("Name:\ta\nVmRSS:\t   65 kB\nThreads:\t1\n"))
        .isEqualTo(65 * 1024);
  }
}
