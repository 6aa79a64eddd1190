package dev.podbond.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cluster.observed.Health;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// How `podbond status --wait` waits.
final class StatusWaitTest {
  private static final String HEALTHY = answer(Health.HEALTHY);
  private static final String DEGRADED = answer(Health.DEGRADED);
  private static final String NONE = SomeBonds.answer().toString();

  @TempDir Path scratch;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final FakeTime time = new FakeTime();

  private static String answer(Health health) {
    return SomeBonds.answer(
            SomeBonds.said("demo/web", "active-backup", "net1", health, "net1 up", "net2 up"))
        .toString();
  }

  private int status(List<String> answers, String... arguments) throws Exception {
    Path socket = scratch.resolve("agent.sock");
    try (FakeAgent _ = FakeAgent.ofBonds(socket, new ArrayDeque<>(answers))) {
      return run(socket, arguments);
    }
  }

  private int run(Path socket, String... arguments) throws Exception {
    return run(time, socket, arguments);
  }

  private int run(Timepiece clock, Path socket, String... arguments) throws Exception {
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true));
    StatusCommand status =
        new StatusCommand(console, Map.of("PODBOND_SOCKET", socket.toString()), clock);
    return status.run(new CommandLine(status.spec()).parseArgs(arguments));
  }

  @Test
  void itWaitsUntilAllIsHealthy() throws Exception {
    Duration start = time.elapsed();
    assertThat(status(List.of(DEGRADED, DEGRADED, HEALTHY), "--wait")).isEqualTo(ExitCodes.DONE);
    assertThat(time.elapsed().minus(start)).isEqualTo(Duration.ofSeconds(2));
    assertThat(out.toString()).startsWith("POD ").contains("demo/web");
    assertThat(err.toString()).isEqualTo("podbond: waiting: 1 of 1 bonds are not healthy\n");
  }

  /// A bond that keeps its members has lost a path all the same.
  @Test
  void itWaitsForAnUplinkThatIsBad() throws Exception {
    String bad =
        SomeBonds.withBadUplinks(
                SomeBonds.answer(
                    SomeBonds.said(
                        "demo/web",
                        "active-backup",
                        "net1",
                        Health.HEALTHY,
                        "net1 up ens1f0 0000:3b:00.0",
                        "net2 up ens2f0 0000:5e:00.0"),
                    SomeBonds.said("demo/other", "active-backup", "", Health.HEALTHY, "net1 up")),
                "ens1f0 0000:3b:00.0")
            .toString();
    assertThat(status(List.of(bad, bad, HEALTHY), "--wait")).isEqualTo(ExitCodes.DONE);
    assertThat(err.toString())
        .isEqualTo(
            "podbond: waiting: 0 of 2 bonds are not healthy; 1 of the healthy has a bad uplink\n");
    err.getBuffer().setLength(0);
    assertThat(status(List.of(bad), "--wait=1s")).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString())
        .endsWith(
            "podbond: warning: upstream of PF ens1f0 (0000:3b:00.0): bad, no partner\n"
                + "podbond: not healthy after 1s:\n"
                + "podbond: demo/web bond0: Healthy, the uplink of PF ens1f0 (0000:3b:00.0) is bad:"
                + " no partner\n");
    assertThat(status(List.of(bad))).isEqualTo(ExitCodes.FAILED);
    assertThat(status(List.of(bad), "demo/other")).isEqualTo(ExitCodes.DONE);
  }

  @Test
  void atTheEndItShowsTheTableAndTheReasons() throws Exception {
    Duration start = time.elapsed();
    assertThat(status(List.of(DEGRADED), "--wait=3500ms")).isEqualTo(ExitCodes.FAILED);
    assertThat(time.elapsed().minus(start)).isEqualTo(Duration.ofMillis(3500));
    assertThat(out.toString()).startsWith("POD ").contains("demo/web", "something is wrong");
    assertThat(err.toString())
        .endsWith(
            "podbond: not healthy after 3.5s:\n"
                + "podbond: demo/web bond0: Degraded, something is wrong\n");
  }

  @Test
  void withoutADurationItWaitsFiveMinutesAndWhatFollowsIsAPod() throws Exception {
    Duration start = time.elapsed();
    assertThat(status(List.of(DEGRADED), "--wait", "web")).isEqualTo(ExitCodes.FAILED);
    assertThat(time.elapsed().minus(start)).isEqualTo(Duration.ofMinutes(5));
    assertThat(out.toString()).startsWith("bond bond0 of pod demo/web: Degraded");
  }

  /// No bond that it tells of is unhealthy, but it does not tell of all.
  @Test
  void itWaitsForAnAgentThatHasJustStarted() throws Exception {
    String starting = SomeBonds.starting().toString();
    assertThat(status(List.of(starting, starting, HEALTHY), "--wait")).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).contains("demo/web");
    assertThat(err.toString())
        .isEqualTo(
            "podbond: waiting: the agent has just started and has not looked at all bonds yet\n");
    assertThat(status(List.of(starting), "--wait=2s")).isEqualTo(ExitCodes.FAILED);
    assertThat(status(List.of(starting))).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString())
        .endsWith(
            "podbond: warning: the agent has just started and has not looked at all bonds yet\n");
  }

  @Test
  void itWaitsForAPodThatIsYetToCome() throws Exception {
    assertThat(status(List.of(NONE, NONE, HEALTHY), "demo/web", "--wait=10s"))
        .isEqualTo(ExitCodes.DONE);
    assertThat(err.toString()).contains("knows no bond of a pod \"demo/web\" yet");
  }

  @Test
  void itWaitsForAnAgentThatIsYetToCome() throws Exception {
    Path socket = scratch.resolve("agent.sock");
    try {
      run(socket, "--wait=3s");
      throw new AssertionError("there is no agent");
    } catch (FailureException e) {
      assertThat(e).hasMessageContaining("no agent answers on " + socket);
    }
    assertThat(err.toString()).startsWith("podbond: waiting: no agent answers");
    assertThat(time.elapsed()).isEqualTo(Duration.ofDays(1).plusSeconds(3));
  }

  /// It takes the question, and then hangs, or sends an octet of its answer now and then.
  @Test
  void itWaitsNoLongerForAnAgentThatNeverComesToAnEnd() throws Exception {
    Path socket = scratch.resolve("agent.sock");
    CountDownLatch over = new CountDownLatch(1);
    try (FakeAgent _ =
        new FakeAgent(
            socket,
            (_, _) -> {
              try {
                over.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
            })) {
      assertTimeoutPreemptively(
          Duration.ofMinutes(1),
          () ->
              assertThatThrownBy(() -> run(Timepiece.REAL, socket, "--wait=300ms"))
                  .isInstanceOf(FailureException.class)
                  .hasMessageContaining("no agent answers on " + socket)
                  .hasMessageContaining("no whole answer within "));
    } finally {
      over.countDown();
    }
  }

  @Test
  void withoutTheOptionItAsksOnce() throws Exception {
    assertThat(status(List.of(DEGRADED, HEALTHY))).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).isEmpty();
  }
}
