package dev.podbond.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.value.ListenAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real agent tells what it has done and how its process is.
final class MetricsTest {
  @TempDir Path scratch;
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

  private Agent start() throws Exception {
    return start(Optional.empty());
  }

  private Agent start(Optional<ListenAddress> metrics) throws Exception {
    return start(metrics, scratch.resolve("node.json"), Optional.empty());
  }

  private Agent start(Optional<ListenAddress> metrics, Path settings, Optional<String> nodeName)
      throws Exception {
    PrintStream log = new PrintStream(logged, true, StandardCharsets.UTF_8);
    Path state = scratch.resolve("state");
    Files.createDirectories(state);
    NodeEnvironment node =
        new NodeEnvironment(
            state,
            scratch.resolve("sys"),
            settings,
            scratch.resolve("sriov-cni"),
            (_, _, _) -> {
              throw new CniException(CniErrorCode.TRY_AGAIN_LATER, "no addresses today");
            },
            log);
    Agent agent =
        Agent.start(
            node,
            nodeName,
            new Listening(
                scratch.resolve("run/agent.sock"),
                Optional.of(scratch.resolve("ask/agent.sock")),
                metrics),
            new AgentLog(log));
    Thread.ofPlatform().start(agent::run);
    return agent;
  }

  private Answer ask(Frame question) throws IOException {
    return ask("run/agent.sock", question);
  }

  private Answer ask(String socket, Frame question) throws IOException {
    try (FrameChannel agent =
        new FrameChannel(
            SocketChannel.open(UnixDomainSocketAddress.of(scratch.resolve(socket))), 1 << 20)) {
      agent.send(question);
      return Answer.of(agent.receive().frame());
    }
  }

  private List<String> metrics(String subject) throws IOException {
    Answer answer = ask(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, subject));
    assertThat(answer.exitCode()).as(answer.stderr()).isZero();
    return answer.stdout().lines().toList();
  }

  private Answer call(String verb, String config) throws IOException {
    return ask(
        new Call(
                "bond",
                Map.of(
                    "CNI_COMMAND", verb,
                    "CNI_CONTAINERID", "c1",
                    "CNI_NETNS", "/run/netns/none",
                    "CNI_IFNAME", "bond0",
                    "CNI_PATH", "/opt/cni/bin"),
                config)
            .toFrame());
  }

  @Test
  void callsAreCountedWithTheirErrors() throws Exception {
    try (Agent _ = start()) {
      assertThat(metrics("metrics")).contains("podbond_cni_calls_total{command=\"ADD\"} 0");
      assertThat(call("ADD", "{}").exitCode()).isEqualTo(1);
      assertThat(call("DEL", "{\"cniVersion\": \"1.0.0\", \"name\": \"n\"}").exitCode()).isZero();

      assertThat(metrics("metrics"))
          .contains(
              "podbond_cni_calls_total{command=\"ADD\"} 1",
              "podbond_cni_calls_total{command=\"DEL\"} 1",
              "podbond_cni_call_duration_seconds_count{command=\"DEL\"} 1",
              "podbond_cni_call_duration_seconds_bucket{command=\"ADD\",le=\"+Inf\"} 1")
          .anySatisfy(line ->
              assertThat(line)
                  .matches("podbond_cni_call_failures_total\\{command=\"ADD\",code=\"\\d+\"} 1"))
          .noneSatisfy(line -> assertThat(line).contains("command=\"DEL\",code="));
    }
  }

  @Test
  void theProcessAndWhatWaitsIsTold() throws Exception {
    Path waiting = scratch.resolve("state/pending/c2:net1:bond");
    Files.createDirectories(waiting.getParent());
    Files.write(waiting, deletionThatFails().toFrame().toBytes());
    Files.setLastModifiedTime(waiting, FileTime.fromMillis(1_500));
    try (Agent _ = start()) {

      List<String> lines = metrics("metrics bond");
      assertThat(lines)
          .contains(
              "podbond_pending_deletions 1",
              "podbond_pending_deletion_oldest_timestamp_seconds 1.5",
              "podbond_repairs_total{kind=\"repaired\"} 0",
              "podbond_metrics_left_out 0")
          .anyMatch(line -> line.startsWith("podbond_agent_ready "));
      assertThat(value(lines, "podbond_agent_resident_memory_bytes")).isGreaterThan(1 << 20);
      assertThat(value(lines, "podbond_agent_start_time_seconds")).isGreaterThan(1_700_000_000);
      assertThat(value(lines, "podbond_agent_cpu_seconds_total")).isPositive();
    }
  }

  /// Its IPAM plugin has no answer, so it waits for its next time.
  private static Call deletionThatFails() {
    return new Call(
        "bond",
        Map.of(
            "CNI_COMMAND", "DEL",
            "CNI_CONTAINERID", "c2",
            "CNI_IFNAME", "net1",
            "CNI_PATH", "/opt/cni/bin"),
        """
        {"cniVersion": "1.0.0", "name": "net", "type": "bond", "mode": "active-backup",
         "links": [{"name": "net1"}, {"name": "net2"}], "ipam": {"type": "pool"}}
        """);
  }

  private static double value(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Timeout(60)
  void everybodyGetsTheSameAnswersOnTheSocketForQuestions() throws Exception {
    try (Agent _ = start()) {
      // Until it has, the answer says so.
      Frame bonds = Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "bonds");
      while (ask(bonds).stdout().contains("starting")) {
        Thread.sleep(5);
      }
      for (String subject : List.of("bonds", "alive", "metrics packets")) {
        Frame question = Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, subject);
        assertThat(ask("ask/agent.sock", question)).as(subject).isEqualTo(ask(question));
      }
      Frame metrics = Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "metrics");
      assertThat(ask("ask/agent.sock", metrics).stdout()).contains("podbond_cni_calls_total");
    }
    assertThat(scratch.resolve("ask/agent.sock")).doesNotExist();
  }

  @Test
  void prometheusGetsThemOverHttpIfThatIsWanted() throws Exception {
    int port = freePort();
    try (Agent _ = start(ListenAddress.parse("127.0.0.1:" + port))) {
      HttpURLConnection answer = get(port, "/metrics");
      assertThat(answer.getResponseCode()).isEqualTo(200);
      assertThat(answer.getContentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
      try (InputStream body = answer.getInputStream()) {
        assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
            .contains("podbond_pending_deletions 0\n");
      }
      assertThat(get(port, "/metrics?detail=bond").getResponseCode()).isEqualTo(200);
    }
  }

  /// Pods need the agent more than anybody needs their metrics.
  @Test
  void callsAreServedWhereThePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Agent _ = start(ListenAddress.parse("127.0.0.1:" + taken.getLocalPort()))) {
      assertThat(call("ADD", "{}").exitCode()).isEqualTo(1);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private static HttpURLConnection get(int port, String path) throws IOException {
    return (HttpURLConnection)
        URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
  }

  @Test
  void bothSocketsAreNeverInOneDirectory() {
    Path calls = scratch.resolve("run/agent.sock");
    assertThatThrownBy(() ->
            new Listening(
                calls, Optional.of(scratch.resolve("run/x/../questions.sock")), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be in another directory");
  }

  @Test
  void noLinkHidesThatBothSocketsAreInOneDirectory() throws Exception {
    Files.createDirectory(scratch.resolve("run"));
    Files.createSymbolicLink(scratch.resolve("var"), scratch.resolve("run"));
    for (String directory : List.of("", "later/", "later/../")) {
      Path calls = scratch.resolve("run/" + directory + "agent.sock");
      Optional<Path> questions = Optional.of(scratch.resolve("var/" + directory + "q.sock"));
      assertThatThrownBy(() -> new Listening(calls, questions, Optional.empty()))
          .as(directory)
          .isInstanceOf(IllegalArgumentException.class);
    }
    Optional<Path> elsewhere = Optional.of(scratch.resolve("var/query/q.sock"));
    assertThat(
            new Listening(scratch.resolve("run/agent.sock"), elsewhere, Optional.empty())
                .questions())
        .isEqualTo(elsewhere);
  }

  @Test
  @Timeout(60)
  void uplinksAreWatchedOnlyWhereAFileSaysSo() throws Exception {
    Path settings = scratch.resolve("uplink.json");
    try (Agent _ = start()) {
      assertThat(metrics("metrics")).noneMatch(line -> line.startsWith("podbond_uplink_storm"));
      Files.writeString(settings, "{}");
      while (!metrics("metrics").contains("podbond_uplink_storm 0")) {
        Thread.sleep(10);
      }
      Files.delete(settings);
      while (metrics("metrics").contains("podbond_uplink_storm 0")) {
        Thread.sleep(10);
      }
      assertThat(ask(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "bonds")).stdout())
          .contains("\"pfs\": []")
          .doesNotContain("uplinkStorm");
    }
    assertThat(logged.toString(StandardCharsets.UTF_8))
        .contains("uplinks: observe, by " + settings, "watches no uplinks any more");
  }

  /// Where nobody asks for bonds or metrics, kubelet asks whether the agent lives.
  @Test
  @Timeout(60)
  void whatTheClusterSetsIsFollowedOnceSomebodyAsksWhetherTheAgentLives() throws Exception {
    Path settings = Files.createDirectories(scratch.resolve("etc/podbond")).resolve("node.json");
    Path directory = Files.createDirectories(scratch.resolve("etc/podbond-uplink"));
    try (Agent _ = start(Optional.empty(), settings, Optional.of("n1"))) {
      Files.writeString(
          directory.resolve("uplinks.json"),
          "{\"monitors\":[{\"name\":\"all\",\"nodes\":\"n0,n1\",\"settings\":{}}]}");
      while (!logged.toString(StandardCharsets.UTF_8).contains("uplinks: observe")) {
        assertThat(ask(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "alive")).stdout())
            .isEqualTo("{}\n");
        Thread.sleep(10);
      }
    }
    assertThat(logged.toString(StandardCharsets.UTF_8))
        .containsOnlyOnce("uplinks: observe, by the UplinkMonitor all for this node");
  }

  /// Nobody fills the log by asking.
  @Test
  void whatCannotBeCountedIsComplainedOfOnce() throws Exception {
    try (Agent _ = start()) {
      Path pending = scratch.resolve("state/pending");
      Files.deleteIfExists(pending);
      Files.createFile(pending);
      for (int i = 0; i < 3; i++) {
        assertThat(metrics("metrics"))
            .noneMatch(line -> line.startsWith("podbond_pending_deletions"));
      }
    }
    assertThat(logged.toString(StandardCharsets.UTF_8))
        .containsOnlyOnce("the pending deletions cannot be counted");
  }

  /// The next agent needs its place.
  @Test
  void theSocketForCallsIsClosedEvenIfTheOtherCannotBe() throws Exception {
    try (Agent _ = start()) {
      Path other = scratch.resolve("ask/agent.sock");
      Files.delete(other);
      Files.createDirectories(other.resolve("not-empty"));
    }
    assertThat(scratch.resolve("run/agent.sock")).doesNotExist();
    assertThat(logged.toString(StandardCharsets.UTF_8)).contains("a way to ask cannot be closed");
  }

  @Test
  void anotherQuestionIsAnsweredWithThoseThatThereAre() throws Exception {
    try (Agent _ = start()) {
      Answer answer = ask(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "metrics packets"));
      assertThat(answer.exitCode()).isEqualTo(1);
      assertThat(answer.stderr())
          .contains("\"metrics packets\"", "\"bonds\"", "\"metrics bond|member|traffic\"");
    }
  }
}
