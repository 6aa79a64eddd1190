package dev.podbond.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.exec.PluginLimits;
import dev.podbond.metrics.NodeCounters;
import dev.podbond.plugins.node.NodeEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A service on a real socket, with a shim that is played by the test.
abstract class ShimTest {
  static final String CONFIG =
      """
      {"cniVersion": "1.0.0", "name": "net", "type": "bond", "mode": "active-backup",
       "links": [{"name": "net1"}, {"name": "net2"}], "ipam": {"type": "pool"}}
      """;
  static final String WITHOUT_IPAM =
      CONFIG.replace("\"ipam\": {\"type\": \"pool\"}", "\"mtu\": 1500");
  private static final int KEPT_BYTES = 100_000;

  @TempDir Path scratch;
  final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  final AtomicInteger activities = new AtomicInteger();
  final Map<String, String> ownRuns = new HashMap<>();
  private ShimService.Limits limits =
      new ShimService.Limits(
          Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30));
  private PluginLimits ipamLimits = PluginLimits.IPAM;
  Path socket;
  ShimService service;
  Thread acceptor;

  @BeforeEach
  void serve() throws IOException {
    socket = scratch.resolve("run/agent.sock");
    service = service(socket);
    acceptor = Thread.ofPlatform().start(service::run);
  }

  ShimService service(Path socket) throws IOException {
    PrintStream stream = new PrintStream(logged, true, StandardCharsets.UTF_8);
    AgentLog log = new AgentLog(stream);
    NodeEnvironment node =
        NodeEnvironment.ofThisMachine(stream)
            .withState(scratch.resolve("state"))
            .forCall(own(), stream);
    CallServer calls = new CallServer(node, new NodeCounters(), log);
    return new ShimService(
        ShimListener.open(socket),
        calls::serve,
        subject ->
            new Answer(0, "about " + subject.repeat(subject.equals("all") ? 400_000 : 1), "")
                .toFrame(),
        own(),
        (_, _) -> 0,
        activities::incrementAndGet,
        log,
        limits,
        ipamLimits);
  }

  private PluginExec own() {
    return (type, env, _) -> {
      ownRuns.put(type, env.get("CNI_COMMAND"));
      return "";
    };
  }

  /// Serves anew, with other limits than the usual ones.
  void serveWithin(ShimService.Limits limits, PluginLimits ipamLimits) throws Exception {
    stop();
    this.limits = limits;
    this.ipamLimits = ipamLimits;
    serve();
  }

  /// Whoever keeps it waiting is soon given up.
  void serveImpatiently() throws Exception {
    Duration soon = Duration.ofMillis(200);
    serveWithin(new ShimService.Limits(soon, soon, soon), PluginLimits.always(soon));
  }

  /// Does no harm to a service that a test has stopped.
  @AfterEach
  void stop() throws Exception {
    service.close();
    acceptor.join();
    assertThat(socket).doesNotExist();
  }

  FrameChannel connect() throws IOException {
    return new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)), KEPT_BYTES);
  }

  static Call call(String verb, String config) {
    return call("pod", verb, config);
  }

  static Call call(String pod, String verb, String config) {
    return new Call(
        "bond",
        Map.of(
            "CNI_COMMAND", verb,
            "CNI_CONTAINERID", pod,
            "CNI_NETNS", "/run/netns/none",
            "CNI_IFNAME", "bond0",
            "CNI_PATH", "/opt/cni/bin",
            "TRACEPARENT", "00-1"),
        config);
  }

  static Frame ran(int outcome, int status, String stdout) {
    return Frame.of(FrameKind.RAN)
        .withU8(Tag.OUTCOME, outcome)
        .withU32(Tag.STATUS, status)
        .with(Tag.STDOUT, stdout)
        .with(Tag.PATH, "/opt/cni/bin/pool");
  }

  String query() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "bonds"));
      return Answer.of(agent.receive().frame()).stdout();
    }
  }

  Answer answerTo(Call call) throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(call.toFrame());
      return Answer.of(agent.receive().frame());
    }
  }

  void isLogged(String text) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!logged.toString(StandardCharsets.UTF_8).contains(text)) {
      assertThat(System.nanoTime()).as(text).isLessThan(end);
      Thread.sleep(10);
    }
  }
}
