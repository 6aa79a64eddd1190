package dev.podbond.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.wire.Answer;
import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cluster.observed.Health;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// How `podbond top` treats a terminal, and what is none.
final class TopCommandTest {
  private static final String ENTER = "\u001b[?1049h\u001b[?25l";
  private static final String LEAVE = "\u001b[?25h\u001b[?1049l";

  @TempDir Path scratch;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> env = new HashMap<>();

  /// It ends by an interrupt, as by Ctrl-C, after so many frames.
  private record Frames(int[] left, Duration[] slept) implements Timepiece {
    Frames(int left) {
      this(new int[] {left}, new Duration[] {Duration.ZERO});
    }

    @Override
    public Duration elapsed() {
      return slept[0];
    }

    @Override
    public Instant now() {
      return Instant.parse("2026-01-02T03:08:17Z");
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
      slept[0] = slept[0].plus(time);
      if (--left[0] == 0) {
        throw new InterruptedException();
      }
    }
  }

  private record Fake(boolean isLive, Size size) implements Terminal {}

  private static String answer(Health health, String pod) {
    return SomeBonds.answer(SomeBonds.said(pod, "active-backup", "net1", health, "net1 up"))
        .toString();
  }

  private int top(boolean live, int frames, List<String> answers, String... arguments)
      throws Exception {
    Path socket = scratch.resolve("agent.sock");
    try (FakeAgent _ = FakeAgent.ofBonds(socket, new ArrayDeque<>(answers))) {
      return asked(socket, live, frames, arguments);
    }
  }

  private int asked(Path socket, boolean live, int frames, String... arguments) throws Exception {
    env.put("PODBOND_SOCKET", socket.toString());
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true));
    TopCommand top =
        new TopCommand(console, env, new Frames(frames), new Fake(live, new Terminal.Size(5, 100)));
    return top.run(new CommandLine(top.spec()).parseArgs(arguments));
  }

  @Test
  void aTerminalIsDrawnOverAndComesBackAsItWas() throws Exception {
    List<String> answers = List.of(answer(Health.HEALTHY, "a/a"), answer(Health.DOWN, "a/a"));
    assertThat(top(true, 2, answers)).isEqualTo(ExitCodes.DONE);
    String said = out.toString();
    assertThat(said).startsWith(ENTER + "\u001b[H2026").endsWith("\u001b[K\u001b[J" + LEAVE);
    assertThat(said.split("\u001b\\[H", -1)).as("frames").hasSize(3);
    assertThat(said)
        .contains("\u001b[32mHealthy\u001b[0m  a/a", "\u001b[1;31mDown\u001b[0m")
        .doesNotContain("\u001b[2J");
  }

  @Test
  void noColorIsRespected() throws Exception {
    env.put("NO_COLOR", "1");
    assertThat(top(true, 1, List.of(answer(Health.DOWN, "a/a")))).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString()).contains("\r\nDown    a/a").doesNotContain("31m", "[0m");
  }

  @Test
  void noNameCommandsTheTerminal() throws Exception {
    assertThat(top(true, 1, List.of(answer(Health.DOWN, "a/\u001b[2J\u009b")))).isZero();
    assertThat(out.toString()).contains("a/<001b>[2J<009b>").doesNotContain("\u001b[2J", "\u009b");
  }

  @Test
  void whatIsNoTerminalGetsPlainFrames() throws Exception {
    List<String> answers = List.of(answer(Health.HEALTHY, "a/a"), answer(Health.DOWN, "a/b"));
    assertThat(top(false, 2, answers)).isEqualTo(ExitCodes.DONE);
    assertThat(out.toString())
        .isEqualTo(
            """
            2026-01-02T03:08:17Z  1 bond: 1 Healthy
            HEALTH   POD         BOND   MODE           ACTIVE  UP   RX/s  TX/s  FAILURES  SINCE
            Healthy  a/a         bond0  active-backup  net1    1/1  -     -     0         4m12s

            2026-01-02T03:08:17Z  1 bond: 1 Down
            HEALTH  POD         BOND   MODE           ACTIVE  UP   RX/s  TX/s  FAILURES  SINCE
            Down    a/b         bond0  active-backup  net1    1/1  -     -     0         4m12s
            """);
  }

  /// An agent that knows one bond, and answers about traffic what is said first, second and so on.
  private static FakeAgent withTraffic(Path socket, String... answers) throws Exception {
    Queue<String> traffic = new ArrayDeque<>(List.of(answers));
    return new FakeAgent(
        socket,
        (subject, asker) -> {
          String said = subject.equals("bonds") ? answer(Health.HEALTHY, "a/a") : traffic.remove();
          asker.send(
              said.isEmpty()
                  ? new Answer(1, "", "not now\n").toFrame()
                  : new Answer(0, said, "").toFrame());
        });
  }

  private List<String> rows() {
    return out.toString().lines().filter(line -> line.startsWith("Healthy")).toList();
  }

  @Test
  void ratesComeWithTheSecondFrameAndStayAwayWithoutAnAnswer() throws Exception {
    Path socket = scratch.resolve("agent.sock");
    try (FakeAgent agent =
        withTraffic(
            socket,
            SomeBonds.traffic("a", "a", "net1 1000 0"),
            SomeBonds.traffic("a", "a", "net1 3000 500"),
            "",
            SomeBonds.traffic("a", "a", "net1 3000 900"))) {
      assertThat(asked(socket, false, 100, "-b", "4", "--interval", "2s")).isZero();
      assertThat(agent.asked).containsOnly("bonds", "metrics traffic");
    }
    assertThat(rows())
        .containsExactly(
            "Healthy  a/a         bond0  active-backup  net1    1/1  -     -     0         4m12s",
            "Healthy  a/a         bond0  active-backup  net1    1/1  1.0kB  250B  0         4m12s",
            "Healthy  a/a         bond0  active-backup  net1    1/1  -     -     0         4m12s",
            "Healthy  a/a         bond0  active-backup  net1    1/1  0B    100B  0         4m12s");
  }

  @Test
  void theAgentLooksIntoPodsOnceASecondAtMost() throws Exception {
    Path socket = scratch.resolve("agent.sock");
    try (FakeAgent agent =
        withTraffic(
            socket,
            SomeBonds.traffic("a", "a", "net1 0 0"),
            SomeBonds.traffic("a", "a", "net1 10 20"))) {
      assertThat(asked(socket, false, 100, "-b", "7", "--interval", "200ms")).isZero();
      assertThat(agent.asked.stream().filter("metrics traffic"::equals)).hasSize(2);
    }
    assertThat(rows().subList(4, 7))
        .satisfiesExactly(
            row -> assertThat(row).contains("1/1  -     -     0"),
            row -> assertThat(row).contains("1/1  10B   20B   0"),
            row -> assertThat(row).contains("1/1  10B   20B   0"));
  }

  @Test
  void oneFrameAloneCostsNoLookIntoPods() throws Exception {
    Path socket = scratch.resolve("agent.sock");
    try (FakeAgent agent = withTraffic(socket)) {
      assertThat(asked(socket, false, 100, "-b", "1")).isZero();
      assertThat(agent.asked).containsExactly("bonds");
    }
  }

  @Test
  void thatTheAgentHasJustStartedIsAboveWhatItKnows() throws Exception {
    String starting = SomeBonds.starting().toString();
    assertThat(top(false, 2, List.of(starting, answer(Health.DOWN, "a/b"))))
        .isEqualTo(ExitCodes.DONE);
    assertThat(out.toString())
        .startsWith(
            "2026-01-02T03:08:17Z  0 bonds\n"
                + "the agent has just started and has not looked at all bonds yet\n")
        .containsOnlyOnce("just started");
  }

  @Test
  void aBatchEndsByItselfOnATerminalToo() throws Exception {
    assertThat(top(true, 100, List.of(answer(Health.DOWN, "a/a")), "-b", "2"))
        .isEqualTo(ExitCodes.DONE);
    assertThat(out.toString().lines().filter(line -> line.startsWith("2026"))).hasSize(2);
    assertThat(out.toString()).doesNotContain("\u001b");
  }

  @Test
  void whileNoAgentAnswersTheLastStateStaysAndSaysSo() throws Exception {
    List<String> answers = List.of(answer(Health.HEALTHY, "a/a"), "{");
    assertThat(top(true, 2, answers)).isEqualTo(ExitCodes.DONE);
    String last = out.toString().substring(out.toString().lastIndexOf("\u001b[H"));
    assertThat(last).contains("as before: the agent's answer is not understood", "a/a");
  }

  @Test
  void sizesThatAreOfNoUseAreNotUsed() {
    assertThat(Terminal.Size.of("24", "80")).contains(new Terminal.Size(24, 80));
    assertThat(Terminal.Size.of("1", "1")).contains(new Terminal.Size(4, 10));
    assertThat(Terminal.Size.of("999999", "2000")).contains(new Terminal.Size(1000, 1000));
    for (String none : List.of("", "0", "-1", "x", "99999999999")) {
      assertThat(Terminal.Size.of(none, "80")).isEmpty();
    }
  }
}
