package dev.podbond.reporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An hour in which nothing happens to any bond, and much else does. All that the reporter does by
/// time is in it: its review, and its retries after the API server, the agent and the agent's
/// start. What listens for news looks every five seconds where an agent tells none. Time is
/// simulated.
final class ReporterQuietHourTest {
  private static final Duration HOUR = Duration.ofHours(1);

  /// Bonds that are well, less than well and dead, with what an agent says beside their state.
  private static final List<String> BONDS =
      List.of(
          """
          {"bond": "bond0", "pod": "demo/web-0", "container": "c0", "health": "Healthy",
           "carrier": true, "active": "net1", "configured": 2, "since": "2026-01-01T00:00:00.123Z",
           "problems": [], "transitions": [],
           "members": [{"name": "net1", "mii": "up", "failures": %1$d},
                       {"name": "net2", "mii": "up", "failures": 0}]}
          """,
          """
          {"bond": "bond0", "pod": "demo/web-1", "container": "c1", "health": "Degraded",
           "carrier": true, "active": "net2", "configured": 2, "since": "2026-01-01T00:10:00.123Z",
           "problems": ["member net1 has no link"],
           "transitions": [{"at": "2026-01-01T00:10:00.123Z", "change": "member net1 down",
             "cause": "PF ens1f0 (0000:3b:00.0) has no carrier"}],
           "members": [{"name": "net1", "mii": "down", "failures": %1$d, "pci": "0000:3b:02.0",
             "pf": "ens1f0", "pfPci": "0000:3b:00.0"},
                       {"name": "net2", "mii": "up", "failures": 0}]}
          """,
          """
          {"bond": "bond0", "pod": "demo/web-2", "container": "c2", "health": "Down",
           "carrier": false, "configured": 2, "since": "2026-01-01T00:20:00Z",
           "problems": ["no carrier", "members net1 and net2 of 2 are missing"],
           "transitions": [{"at": "2026-01-01T00:20:00Z", "change": "the bond is gone",
             "cause": "it is not in the pod any more"}],
           "members": [{"name": "net1", "mii": "missing", "failures": %1$d},
                       {"name": "net2", "mii": "missing", "failures": 0}]}
          """);

  @TempDir Path directory;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final Signal signal = new Signal();
  private FakeAgent agent;
  private FakeApiServer server;
  private int answers;

  @BeforeEach
  void start() throws IOException {
    agent = new FakeAgent(directory.resolve("agent.sock"));
    server = new FakeApiServer(Files.createDirectory(directory.resolve("account")));
  }

  @AfterEach
  void end() throws IOException {
    agent.close();
    server.close();
  }

  /// In another order each time, with counters that have gone on.
  private String answer(String more) {
    answers++;
    List<String> bonds = new ArrayList<>(BONDS);
    Collections.shuffle(bonds, new Random(answers));
    return "{\"bonds\": ["
        + String.join(",", bonds).formatted(answers)
        + "], \"pfs\": [{\"name\": \"ens1f0\", \"rx\": "
        + answers
        + "}]"
        + more
        + "}";
  }

  private void say() {
    agent.answer(answer(""));
    signal.raise();
  }

  private Reporter reporter(SimulatedTime time) {
    return new Reporter(
        agent.socket(),
        server.objectOf("n1"),
        "0.1.0",
        new ReporterLog(new PrintStream(log, true, StandardCharsets.UTF_8)),
        time);
  }

  private void run(Reporter reporter) {
    try {
      reporter.run(signal);
    } catch (InterruptedException _) {
      // The hour is over.
    }
  }

  @Test
  void itWritesNothing() throws Exception {
    agent.answer(answer(""));
    reporter(new SimulatedTime(Duration.ZERO)).step(Duration.ofHours(1));
    assertThat(server.writes()).as("the object and its status, before the hour").hasSize(2);
    JsonObject written = server.status();
    int before = server.requests().size();
    int asked = agent.asked();

    SimulatedTime time = new SimulatedTime(HOUR);
    time.each(Duration.ofSeconds(5), this::say);
    // kubelet renews the token.
    time.each(
        Duration.ofMinutes(20),
        () -> Files.writeString(directory.resolve("account/token"), "token " + time.passed()));
    // The API server is away for four minutes, while a review is due, and too busy for a minute.
    time.at(
        Duration.ofMinutes(9), () -> server.answerAlways(new FakeApiServer.Reply(503, "no JSON")));
    time.at(Duration.ofMinutes(13), server::answerAsUsual);
    time.at(
        Duration.ofMinutes(23),
        () ->
            server.answerAlways(
                FakeApiServer.Reply.ofStatus(429, "TooManyRequests", "come again later")));
    time.at(Duration.ofMinutes(24), server::answerAsUsual);
    // Somebody gives the object a label.
    time.each(Duration.ofMinutes(7), server::touch);
    // The agent is replaced: it answers nonsense, then it starts, and then it has seen no change.
    time.at(
        Duration.ofSeconds(40 * 60 + 1),
        () -> {
          agent.answer("{\"bonds\": [");
          signal.raise();
        });
    time.at(
        Duration.ofSeconds(40 * 60 + 6),
        () -> {
          agent.answer("{\"bonds\": [], \"starting\": true}");
          signal.raise();
        });
    time.at(
        Duration.ofSeconds(50 * 60 + 2),
        () -> {
          agent.answer(
              answer("")
                  .replaceAll("(?s)\"transitions\": \\[[^\\]]*\\]", "\"transitions\": []")
                  .replace("2026-01-01T00:20:00Z", "2026-01-01T05:50:00Z"));
          signal.raise();
        });
    // Another reporter of this node, after kubelet has restarted the container.
    Reporter first = reporter(time);
    run(first);

    assertThat(time.passed()).isEqualTo(HOUR);
    assertThat(agent.asked() - asked).as("it looks").isGreaterThan(500);
    assertThat(server.requests().size() - before).as("and reads").isBetween(6, 60);
    assertThat(server.writes()).as("and writes nothing").hasSize(2);
    assertThat(server.status()).isEqualTo(written);
    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains("status 503", "too much to do", "has just started", "no agent answers");
  }

  /// A container that kubelet restarts again and again reads what is there.
  @Test
  void whoStartsAnewWritesNothing() throws Exception {
    agent.answer(answer(""));
    reporter(new SimulatedTime(Duration.ZERO)).step(Duration.ofHours(1));
    for (int i = 0; i < 12; i++) {
      SimulatedTime time = new SimulatedTime(Duration.ofMinutes(5));
      time.each(Duration.ofSeconds(5), this::say);
      run(reporter(time));
    }
    assertThat(server.writes()).hasSize(2);
  }

  /// The hour would find a write: of what changes in it, one.
  @Test
  void whatChangesInTheHourIsWrittenOnce() throws Exception {
    agent.answer(answer(""));
    reporter(new SimulatedTime(Duration.ZERO)).step(Duration.ofHours(1));
    SimulatedTime time = new SimulatedTime(HOUR);
    time.each(Duration.ofSeconds(5), signal::raise);
    time.at(
        Duration.ofMinutes(30), () -> agent.answer(answer("").replace("\"Degraded\"", "\"Down\"")));
    run(reporter(time));

    assertThat(server.writes()).hasSize(3);
    assertThat(server.stored().get("metadata"))
        .as("its owner and its name")
        .isPresent()
        .get()
        .asString()
        .contains(new JsonString("uid-of-node").toString());
  }
}
