package dev.podbond.reporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the reporter asks and writes, with an API server that counts.
final class ReporterTest {
  private static final Duration START = Duration.ofHours(5);
  private static final String PATH = "/apis/podbond.dev/v1alpha1/bondnodestates";
  private static final String CREATE = "POST " + PATH;
  private static final String WRITE = "PUT " + PATH + "/n1/status";

  @TempDir Path directory;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private FakeAgent agent;
  private FakeApiServer server;
  private Reporter reporter;

  @BeforeEach
  void start() throws IOException {
    agent = new FakeAgent(directory.resolve("agent.sock"));
    server = new FakeApiServer(Files.createDirectory(directory.resolve("account")));
    reporter = reporter();
  }

  @AfterEach
  void end() throws IOException {
    agent.close();
    server.close();
  }

  private Reporter reporter() {
    return new Reporter(
        agent.socket(),
        server.objectOf("n1"),
        "0.1.0",
        new ReporterLog(new PrintStream(log, true, StandardCharsets.UTF_8)));
  }

  private static String bond(String health) {
    return "{\"bonds\": [{\"bond\": \"bond0\", \"pod\": \"demo/web\", \"health\": \"%s\"}]}"
        .formatted(health);
  }

  private String health() {
    return LenientObject.objects(server.status(), "bonds").stream()
        .map(bond -> LenientObject.text(bond, "health").orElse(""))
        .findFirst()
        .orElse("none");
  }

  @Test
  void makesTheObjectAndWritesItsStatus() throws Exception {
    agent.answer(bond("Degraded"));
    reporter.step(START);

    assertThat(server.writes()).containsExactly(CREATE, WRITE);
    assertThat(LenientObject.object(server.stored(), "metadata"))
        .isEqualTo(
            Json.parseObject(
                "{\"name\": \"n1\", \"ownerReferences\": [{\"apiVersion\": \"v1\", \"kind\": \"Node\","
                    + " \"name\": \"n1\", \"uid\": \"uid-of-node\"}]}"));
    assertThat(health()).isEqualTo("Degraded");
    assertThat(LenientObject.object(server.status(), "observedAgent"))
        .isEqualTo(Json.parseObject("{\"version\": \"0.1.0\"}"));
    assertThat(reporter.isReady()).isTrue();
  }

  @Test
  void writesNothingWhileNothingChanges() {
    agent.answer(bond("Healthy"));
    reporter.step(START);
    int requests = server.requests().size();
    for (int i = 1; i < 20; i++) {
      reporter.step(START.plusSeconds(i));
    }
    assertThat(server.requests()).hasSize(requests);
    assertThat(agent.asked()).isEqualTo(20);
  }

  @Test
  void writesNothingWhenItStartsAnewAndAllIsAsItWas() {
    agent.answer(bond("Healthy"));
    reporter.step(START);
    int writes = server.writes().size();
    Reporter next = reporter();
    next.step(START);
    assertThat(server.writes()).hasSize(writes);
    assertThat(next.isReady()).isTrue();
  }

  @Test
  void writesWhatHasChanged() {
    agent.answer(bond("Healthy"));
    reporter.step(START);
    agent.answer(bond("Down"));
    reporter.step(START.plusSeconds(60));
    assertThat(server.writes()).containsExactly(CREATE, WRITE, WRITE);
    assertThat(health()).isEqualTo("Down");
  }

  @Test
  void readsTheObjectAgainThatSomebodyHasChanged() {
    agent.answer(bond("Healthy"));
    reporter.step(START);
    server.touch();
    agent.answer(bond("Down"));
    reporter.step(START.plusSeconds(60));
    assertThat(health()).isEqualTo("Down");
    assertThat(reporter.isReady()).isTrue();
  }

  @Test
  void makesTheObjectAgainThatSomebodyHasDeleted() {
    agent.answer(bond("Healthy"));
    reporter.step(START);
    server.delete();
    agent.answer(bond("Down"));
    reporter.step(START.plusSeconds(60));
    assertThat(server.writes()).containsExactly(CREATE, WRITE, WRITE, CREATE, WRITE);
    assertThat(health()).isEqualTo("Down");
  }

  /// Without news, too.
  @Test
  void looksNowAndThenWhetherTheObjectIsAsItWasWritten() {
    agent.answer(bond("Healthy"));
    assertThat(reporter.step(START).most()).isEqualTo(Reporter.REVIEW);
    server.replaceStatus(JsonObject.of());
    reporter.step(START.plus(Reporter.REVIEW).minusSeconds(1));
    assertThat(health()).isEqualTo("none");
    reporter.step(START.plus(Reporter.REVIEW));
    assertThat(health()).isEqualTo("Healthy");
  }

  @Test
  void saysOnceWhatToDoAndTriesMoreAndMoreRarely() {
    agent.answer(bond("Healthy"));
    server.answerAlways(FakeApiServer.Reply.ofStatus(403, "Forbidden", "n1 is\nforbidden"));
    Duration first = reporter.step(START).least();
    Duration second = reporter.step(START).least();
    for (int i = 0; i < 20; i++) {
      reporter.step(START);
    }
    assertThat(first).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(second).isEqualTo(first.multipliedBy(2));
    assertThat(reporter.step(START).least())
        .isBetween(Reporter.LONGEST_RETRY, Duration.ofMinutes(1));
    assertThat(log.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .contains("n1 is<000a>forbidden", "agent.nodeState.enabled=true");
    assertThat(reporter.isReady()).isFalse();

    server.answerAsUsual();
    reporter.step(START);
    assertThat(reporter.isReady()).isTrue();
    server.answerAlways(new FakeApiServer.Reply(500, "no JSON"));
    agent.answer(bond("Down"));
    assertThat(reporter.step(START.plusSeconds(60)).least()).isEqualTo(first);
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("status 500");
  }

  /// The kind is not installed: the API server's answer is no object.
  @Test
  void saysWhereTheKindIsMissing() {
    server.answerAlways(new FakeApiServer.Reply(404, "404 page not found\n"));
    reporter.step(START);
    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains("knows no BondNodeState", "apply the kinds of this release's chart");
  }

  @Test
  void leavesTheObjectAloneWhenTheAgentIsAway() throws IOException {
    agent.answer(bond("Healthy"));
    reporter.step(START);
    agent.close();
    int requests = server.requests().size();
    reporter.step(START.plusSeconds(60));
    assertThat(server.requests()).hasSize(requests);
    assertThat(reporter.isReady()).isFalse();
    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains("no agent answers on " + directory.resolve("agent.sock"));
  }

  /// Its answer has a part of the bonds, and what is not in it is not gone.
  @Test
  void leavesTheObjectAloneWhileTheAgentStarts() {
    agent.answer(bond("Healthy"));
    reporter.step(START);
    int writes = server.writes().size();
    agent.answer("{\"bonds\": [], \"limits\": [], \"starting\": true}");
    Reporter.Pause pause = reporter.step(START.plusSeconds(60));

    assertThat(server.writes()).hasSize(writes);
    assertThat(health()).isEqualTo("Healthy");
    assertThat(reporter.isReady()).isFalse();
    assertThat(pause.most()).as("it asks again").isLessThan(Duration.ofMinutes(1));
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("the agent has just started");

    agent.answer(bond("Down"));
    reporter.step(START.plusSeconds(65));
    assertThat(health()).isEqualTo("Down");
    assertThat(reporter.isReady()).isTrue();
  }

  /// It accepts, and says nothing.
  @Test
  void doesNotWaitForEverForAnAgentThatHangs() throws Exception {
    Path socket = directory.resolve("silent.sock");
    try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.bind(UnixDomainSocketAddress.of(socket));
      assertTimeoutPreemptively(
          Duration.ofMinutes(1),
          () ->
              assertThatThrownBy(() -> new AgentSocket(socket).bonds(Duration.ofMillis(300)))
                  .isInstanceOf(IOException.class)
                  .hasMessage("no whole answer within 300 ms"));
    }
  }

  @Test
  void isNotReadyWithAnAnswerThatIsNone() {
    agent.answer("{\"bonds\": [");
    reporter.step(START);
    assertThat(reporter.isReady()).isFalse();
  }

  /// With news of the agent, as the executable runs it.
  @Test
  void writesOnNews() throws Exception {
    agent.answer(bond("Healthy"));
    reporter().step(START);
    Signal signal = new Signal();
    Thread news =
        Thread.ofPlatform().daemon().start(new News(agent.socket(), signal, News.Times.USUAL));
    Thread running =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                reporter.run(signal);
              } catch (InterruptedException _) {
                // The test is over.
              }
            });
    await(() -> reporter.isReady() && agent.askedForNews() > 0);
    agent.change(bond("Down"));
    await(() -> health().equals("Down"));
    news.interrupt();
    running.interrupt();
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; !condition.getAsBoolean(); i++) {
      assertThat(i).as("waited in vain").isLessThan(6000);
      Thread.sleep(10);
    }
  }
}
