package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Traffic through a bond whose active link dies, counted packet by packet: the short form of `make
/// failover`, with the plugin and the agent as shipped. What may be lost is said in
/// docs/failover.md.
@Tag("kernel")
class FailoverKernelTest {
  private static final Path RUNNER = Path.of("failover", "run").toAbsolutePath();

  /// With each failOverMac, and with a silent cut that only ARP and NS monitoring can find.
  @Test
  void activeBackupLosesNothingBeyondTheDetection() throws Exception {
    Process runner = new ProcessBuilder(RUNNER.toString(), "few").redirectErrorStream(true).start();
    runner.getOutputStream().close();
    String table = new String(runner.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(runner.waitFor()).as(table).isZero();
    System.out.print(table);
    assertThat(table.lines().filter(line -> line.endsWith("| ok |"))).as(table).hasSize(10);
  }
}
