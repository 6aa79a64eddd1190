package dev.podbond.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cli.watch.BondWatch;
import dev.podbond.cluster.observed.Health;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What `podbond watch` prints, and that it goes on.
@Timeout(120)
final class WatchCommandTest {
  private static final JsonObject WHOLE =
      SomeBonds.said("demo/web", "active-backup", "net1", Health.HEALTHY, "net1 up", "net2 up");
  private static final JsonObject BROKEN =
      SomeBonds.with(
          SomeBonds.said(
              "demo/web", "active-backup", "net2", Health.DEGRADED, "net1 down", "net2 up"),
          "2026-01-02T03:00:01Z|active member net1 -> net2|PF ens1f0 has no carrier");
  private static final String LINE =
      "2026-01-02T03:00:01Z demo/web bond0: active member net1 -> net2; PF ens1f0 has no"
          + " carrier; now Degraded\n";

  @TempDir Path scratch;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final FakeTime time = new FakeTime();

  private WatchCommand watch(Timepiece pace) {
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true));
    String socket = scratch.resolve("agent.sock").toString();
    return new WatchCommand(console, Map.of("PODBOND_SOCKET", socket), pace);
  }

  private int run(Timepiece pace, String... arguments) throws FailureException {
    WatchCommand watch = watch(pace);
    return watch.run(new CommandLine(watch.spec()).parseArgs(arguments));
  }

  /// News each 5 s, and no other.
  private final class SlowNews implements BondNews {
    private final Queue<Boolean> same;

    SlowNews(Queue<Boolean> same) {
      this.same = same;
    }

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
      Duration wait = Duration.ofSeconds(5);
      time.sleep(atMost.compareTo(wait) < 0 ? atMost : wait);
      return same.isEmpty() || same.remove();
    }

    @Override
    public void close() {}
  }

  /// A run of half a minute of an agent that gives these answers; an empty one is none.
  private void go(Queue<Boolean> same, List<List<JsonObject>> answers) throws Exception {
    Queue<List<JsonObject>> left = new ArrayDeque<>(answers);
    WatchCommand command = watch(time);
    command
        .new Watching(
            () -> new SlowNews(same),
            _ -> {
              List<JsonObject> next = left.size() > 1 ? left.remove() : left.element();
              if (next.isEmpty()) {
                throw new FailureException("no agent answers");
              }
              return KnownBonds.of(SomeBonds.answer(next.toArray(JsonObject[]::new)));
            },
            "",
            OutputOption.TABLE)
        .go(
            BondWatch.of(List.of(KnownBond.of(WHOLE))),
            time.elapsed().plus(Duration.ofSeconds(60)));
  }

  /// Else each bond that is seen a second later would be told as new.
  @Test
  void itBeginsWithAllBondsOfAnAgentThatHasJustStarted() throws Exception {
    Queue<JsonObject> answers =
        new ArrayDeque<>(
            List.of(SomeBonds.starting(), SomeBonds.starting(WHOLE), SomeBonds.answer(WHOLE)));
    List<KnownBond> first =
        watch(time)
            .new Watching(
                () -> new SlowNews(new ArrayDeque<>()),
                _ -> KnownBonds.of(answers.remove()),
                "",
                OutputOption.TABLE)
            .first(time.elapsed().plus(Duration.ofSeconds(60)));
    assertThat(first).containsExactly(KnownBond.of(WHOLE));
    assertThat(answers).isEmpty();
    assertThat(err.toString()).containsOnlyOnce("the agent has just started");
  }

  /// The time is over before the agent can be asked again.
  @Test
  void itEndsWithWhatIsKnownOfAnAgentThatHasNotStartedInTime() throws Exception {
    List<KnownBond> first =
        watch(time)
            .new Watching(
                () -> new SlowNews(new ArrayDeque<>()),
                atMost -> {
                  assertThat(atMost).isPositive();
                  return KnownBonds.of(SomeBonds.starting(WHOLE));
                },
                "",
                OutputOption.TABLE)
            .first(time.elapsed().plus(Duration.ofMillis(2500)));
    assertThat(first).containsExactly(KnownBond.of(WHOLE));
  }

  @Test
  void aChangeIsOneLine() throws Exception {
    go(new ArrayDeque<>(), List.of(List.of(WHOLE), List.of(BROKEN)));
    assertThat(out.toString()).isEqualTo(LINE);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void itGoesOnWithAnotherAgentAndSaysSoOnce() throws Exception {
    JsonObject other =
        SomeBonds.said("demo/other", "802.3ad", "", Health.HEALTHY, "net1 up", "net2 up");
    go(
        new ArrayDeque<>(List.of(false)),
        List.of(List.of(), List.of(), List.of(other), List.of(other, BROKEN)));

    assertThat(err.toString())
        .isEqualTo(
            """
            podbond: no agent answers; asked again each second
            podbond: the agent answers again
            """);
    // The bond that the next agent names late was never gone.
    assertThat(out.toString())
        .isEqualTo(
            "2026-01-02T03:04:05Z demo/other bond0: seen for the first time; now Healthy\n" + LINE);
  }

  @Test
  void whatAnAgentDoesNotNameForLongIsGone() throws Exception {
    JsonObject other =
        SomeBonds.said("demo/other", "802.3ad", "", Health.HEALTHY, "net1 up", "net2 up");
    go(new ArrayDeque<>(List.of(false)), List.of(List.of(other)));
    assertThat(out.toString()).contains("demo/web bond0: the agent has no record of it any more\n");
  }

  /// For as long as it says so, which may be longer than agents usually take.
  @Test
  void whatAnAgentThatIsStartingDoesNotNameIsNotGone() throws Exception {
    JsonObject[] answers = {SomeBonds.starting(), SomeBonds.starting(), SomeBonds.answer(WHOLE)};
    Queue<JsonObject> left = new ArrayDeque<>(List.of(answers));
    watch(time)
        .new Watching(
            () -> new SlowNews(new ArrayDeque<>()),
            _ -> KnownBonds.of(left.size() > 1 ? left.remove() : left.element()),
            "",
            OutputOption.TABLE)
        .go(
            BondWatch.of(List.of(KnownBond.of(WHOLE))),
            time.elapsed().plus(Duration.ofSeconds(60)));
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void itEndsInTimeThoughTheAgentNeverAnswers() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (FakeAgent _ =
        new FakeAgent(
            scratch.resolve("agent.sock"),
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
              assertThatThrownBy(() -> run(Timepiece.REAL, "--for=300ms"))
                  .isInstanceOf(FailureException.class)
                  .hasMessageMatching(".*no whole answer within [23][0-9]{2} ms.*"));
    } finally {
      over.countDown();
    }
  }

  /// The news as they come over the socket.
  @Test
  void newsOfTheAgentAreHeard() throws Exception {
    AtomicReference<JsonObject> bond = new AtomicReference<>(WHOLE);
    Semaphore change = new Semaphore(1);
    try (FakeAgent agent =
        new FakeAgent(
            scratch.resolve("agent.sock"),
            (subject, asker) -> {
              if (subject.equals("bonds")) {
                String answer = SomeBonds.answer(bond.get()).toString();
                asker.send(new Answer(0, answer, "").toFrame());
                return;
              }
              while (true) {
                change.acquireUninterruptibly();
                asker.send(new Answer(0, "{\"revision\":1}\n", "").toFrame());
              }
            })) {
      AtomicReference<Object> code = new AtomicReference<>("none");
      Thread watching =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  code.set(run(Timepiece.REAL));
                } catch (FailureException e) {
                  code.set(e);
                }
              });
      until(() -> agent.asked.contains("news"));
      bond.set(BROKEN);
      change.release();
      until(() -> out.toString().equals(LINE));
      watching.interrupt();
      watching.join();
      assertThat(code.get()).isEqualTo(ExitCodes.DONE);
    }
  }

  /// As one of an earlier release, or one with too many listeners; or one that knows no such frame.
  @Test
  void anAgentWithoutNewsIsAskedEachSecond() throws Exception {
    for (Frame refusal :
        List.of(
            new Answer(1, "", "this agent cannot answer \"news\"\n").toFrame(),
            Frame.of(FrameKind.UNSUPPORTED))) {
      out.getBuffer().setLength(0);
      Queue<JsonObject> bonds = new ArrayDeque<>(List.of(WHOLE, WHOLE, BROKEN));
      try (FakeAgent _ =
          new FakeAgent(
              scratch.resolve("agent.sock"),
              (subject, asker) -> {
                if (subject.equals("news")) {
                  asker.send(refusal);
                  return;
                }
                JsonObject next = bonds.size() > 1 ? bonds.remove() : bonds.element();
                asker.send(new Answer(0, SomeBonds.answer(next).toString(), "").toFrame());
              })) {
        assertThat(run(time, "--for=30s")).isEqualTo(ExitCodes.DONE);
      }
      assertThat(out.toString()).isEqualTo(LINE);
    }
  }

  @Test
  void aProgramGetsAnObjectOnEachLineAndOnlyWhatItAskedFor() throws Exception {
    JsonObject hostile = SomeBonds.with(WHOLE, "2026-01-02T03:00:02Z|member \u001b[2J\n\u2028 up|");
    Queue<String> answers =
        new ArrayDeque<>(
            List.of(
                SomeBonds.answer(WHOLE).toString(),
                SomeBonds.answer(
                        hostile,
                        SomeBonds.said("demo/other", "802.3ad", "", Health.HEALTHY, "net1 up"))
                    .toString()));
    try (FakeAgent _ = FakeAgent.ofBonds(scratch.resolve("agent.sock"), answers)) {
      assertThat(run(time, "demo/web", "-o", "json", "--for=10s")).isEqualTo(ExitCodes.DONE);
    }
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst()).contains("\\u001b[2J\\n\\u2028 up").doesNotContain("\u001b");
    assertThat(Json.parseObject(lines.getFirst()).get("pod")).isPresent();
  }

  @Test
  void withoutAnAgentAtTheBeginningItFails() {
    try {
      int code = run(time, "--for=1s");
      throw new AssertionError("there is no agent, but it ended with " + code);
    } catch (FailureException e) {
      assertThat(e).hasMessageContaining("no agent answers on");
    }
  }

  private interface Condition {
    boolean holds();
  }

  private static void until(Condition condition) throws InterruptedException {
    while (!condition.holds()) {
      Thread.sleep(10);
    }
  }
}
