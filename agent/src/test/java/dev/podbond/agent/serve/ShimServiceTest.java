package dev.podbond.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.exec.PluginLimits;
import dev.podbond.plugins.node.NodeEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real socket; the test plays the shim.
final class ShimServiceTest {
  private static final String CONFIG =
      """
      {"cniVersion": "1.0.0", "name": "net", "type": "bond", "mode": "active-backup",
       "links": [{"name": "net1"}, {"name": "net2"}], "ipam": {"type": "pool"}}
      """;
  private static final String WITHOUT_IPAM =
      CONFIG.replace("\"ipam\": {\"type\": \"pool\"}", "\"mtu\": 1500");
  private static final int KEPT_BYTES = 100_000;

  @TempDir Path scratch;
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final Map<String, String> ownRuns = new HashMap<>();
  private ShimService.Limits limits =
      new ShimService.Limits(
          Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30));
  private PluginLimits ipamLimits = PluginLimits.IPAM;
  private Path socket;
  private ShimService service;
  private Thread acceptor;

  @BeforeEach
  void serve() throws IOException {
    socket = scratch.resolve("run/agent.sock");
    service = service(socket);
    acceptor = Thread.ofPlatform().start(service::run);
  }

  private ShimService service(Path socket) throws IOException {
    PrintStream stream = new PrintStream(logged, true, StandardCharsets.UTF_8);
    AgentLog log = new AgentLog(stream);
    NodeEnvironment node =
        NodeEnvironment.ofThisMachine(stream)
            .withState(scratch.resolve("state"))
            .forCall(own(), stream);
    CallServer calls = new CallServer(node, log);
    return new ShimService(
        ShimListener.open(socket),
        calls::serve,
        subject ->
            new Answer(0, "about " + subject.repeat(subject.equals("all") ? 400_000 : 1), ""),
        own(),
        (_, _) -> 0,
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

  /// Closing again does no harm if a test has already stopped the service.
  @AfterEach
  void stop() throws Exception {
    service.close();
    acceptor.join();
    assertThat(socket).doesNotExist();
  }

  @Test
  void aStoppedServiceEndsAndRemovesItsSocket() throws Exception {
    assertThat(socket).exists();

    stop();

    assertThat(acceptor.isAlive()).isFalse();
    assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
  }

  private FrameChannel connect() throws IOException {
    return new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)), KEPT_BYTES);
  }

  private static Call call(String verb, String config) {
    return call("pod", verb, config);
  }

  private static Call call(String pod, String verb, String config) {
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

  private static Frame ran(int outcome, int status, String stdout) {
    return Frame.of(FrameKind.RAN)
        .withU8(Tag.OUTCOME, outcome)
        .withU32(Tag.STATUS, status)
        .with(Tag.STDOUT, stdout)
        .with(Tag.PATH, "/opt/cni/bin/pool");
  }

  /// SIGTERM may come when the agent is about to serve.
  @Test
  void aServiceStoppedBeforeItRunsEndsAtOnce() throws IOException {
    ShimService early = service(scratch.resolve("early/agent.sock"));
    early.close();
    early.run();
  }

  @Test
  void onlyTheOwnerGetsToTheSocket() throws IOException {
    assertThat(Files.getPosixFilePermissions(socket))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.getPosixFilePermissions(socket.getParent()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void aSecondAgentIsRefused() {
    assertThatThrownBy(() -> ShimListener.open(socket))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another agent answers");
  }

  @Test
  void ipamRunsWhereTheShimIs() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(call("DEL", CONFIG).toFrame());
      Frame run = agent.receive().frame();
      assertThat(run.knownKind()).contains(FrameKind.RUN);
      assertThat(run.text(Tag.TYPE)).contains("pool");
      assertThat(run.texts(Tag.ENV)).contains("CNI_COMMAND=DEL", "TRACEPARENT=00-1");
      assertThat(run.text(Tag.STDIN)).contains(CONFIG);
      agent.send(ran(0, 0, ""));
      assertThat(Answer.of(agent.receive().frame()).exitCode()).isZero();
    }
    assertThat(ownRuns).isEmpty();
  }

  @Test
  void failuresOfIpamArePassedOn() throws IOException {
    for (Map.Entry<Frame, List<String>> expected :
        Map.of(
                ran(0, 1, "{\"code\": 11, \"msg\": \"pool is closed\"}"),
                List.of("pool is closed"),
                ran(2, 13, ""),
                List.of("cannot run plugin /opt/cni/bin/pool", "13"),
                ran(3, 0, ""),
                List.of("did not end within 60 s"),
                ran(4, 0, ""),
                List.of("wrote more than the 65536 bytes"))
            .entrySet()) {
      try (FrameChannel agent = connect()) {
        agent.send(call("DEL", CONFIG).toFrame());
        assertThat(agent.receive().frame().knownKind()).contains(FrameKind.RUN);
        agent.send(expected.getKey());
        Answer answer = Answer.of(agent.receive().frame());
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.stdout()).contains(expected.getValue());
      }
    }
  }

  /// An attachment without a record cannot have an address from a plugin that does not exist.
  @Test
  void aMissingIpamPluginIsAWarningForADeletion() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(call("DEL", CONFIG).toFrame());
      assertThat(agent.receive().frame().knownKind()).contains(FrameKind.RUN);
      agent.send(ran(1, 0, ""));
      Answer answer = Answer.of(agent.receive().frame());
      assertThat(answer.exitCode()).isZero();
      assertThat(answer.stderr()).contains("failed to find plugin", "/opt/cni/bin");
    }
  }

  @Test
  void aDeletionEndsAlthoughItsShimGoes() throws Exception {
    try (FrameChannel agent = connect()) {
      agent.send(call("DEL", CONFIG).toFrame());
      assertThat(agent.receive().frame().knownKind()).contains(FrameKind.RUN);
    }
    service.close();
    assertThat(ownRuns).containsExactly(Map.entry("pool", "DEL"));
  }

  @Test
  void anErrorOfThePluginIsAnAnswer() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(call("ADD", CONFIG.replace("active-backup", "1+1")).toFrame());
      Answer answer = Answer.of(agent.receive().frame());
      assertThat(answer.exitCode()).isEqualTo(1);
      assertThat(answer.stdout()).contains("\"code\": 7", "mode");
    }
  }

  private void serveImpatiently() throws Exception {
    stop();
    Duration soon = Duration.ofMillis(200);
    limits = new ShimService.Limits(soon, soon, soon);
    ipamLimits = PluginLimits.always(soon);
    serve();
  }

  /// Otherwise it would keep the locks of a pod and its VFs.
  @Test
  void aShimThatIsSilentAboutARunIsGivenUp() throws Exception {
    serveImpatiently();
    try (FrameChannel agent = connect()) {
      agent.send(call("DEL", CONFIG).toFrame());
      assertThat(agent.receive().frame().knownKind()).contains(FrameKind.RUN);
      assertThatThrownBy(agent::receive).isInstanceOf(EOFException.class);
    }
    service.close();
    assertThat(ownRuns).containsExactly(Map.entry("pool", "DEL"));
  }

  @Test
  void aPeerThatNeverComesToItsCallIsGivenUp() throws Exception {
    serveImpatiently();
    try (FrameChannel agent = connect()) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  agent.send(new Frame(200, List.of()));
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  /// The answer is larger than the socket's buffer in the kernel.
  @Test
  void aPeerThatDoesNotTakeItsAnswerIsGivenUp() throws Exception {
    serveImpatiently();
    try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      raw.write(ByteBuffer.wrap(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "all").toBytes()));
      assertThat(raw.read(ByteBuffer.allocate(1))).isEqualTo(1);
      // Otherwise close() would wait here for more than a minute.
      service.close();
      assertThat(logged.toString(StandardCharsets.UTF_8)).contains("a connection was given up");
    }
  }

  @Test
  void nobodyForgesALineOfTheLog() throws Exception {
    Map<String, String> env = new HashMap<>(call("ADD", CONFIG).env());
    env.put("CNI_CONTAINERID", "x\npodbond-agent: all is well\u001b[2J");
    try (FrameChannel agent = connect()) {
      agent.send(new Call("bond", env, CONFIG).toFrame());
      assertThat(Answer.of(agent.receive().frame()).exitCode()).isEqualTo(1);
    }
    assertThat(logged.toString(StandardCharsets.UTF_8))
        .contains("x<000a>podbond-agent: all is well<001b>[2J")
        .doesNotContain("\npodbond-agent: all is well", "\u001b");
  }

  @Test
  void unknownFramesAreSkippedOrAnsweredWithUnsupported() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(new Frame(200, List.of()));
      agent.send(new Frame(100, List.of()));
      Frame unsupported = agent.receive().frame();
      assertThat(unsupported.knownKind()).contains(FrameKind.UNSUPPORTED);
      assertThat(unsupported.number(Tag.KIND, 1)).isEqualTo(100);
      agent.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "bonds"));
      assertThat(Answer.of(agent.receive().frame()).stdout()).isEqualTo("about bonds");
    }
  }

  @Test
  void aCallThatIsTooLongIsRefused() throws IOException {
    for (int length : new int[] {65_537, 130_000, 3_000_000}) {
      try (FrameChannel agent = connect()) {
        agent.send(call("ADD", " ".repeat(length)).toFrame());
        Answer answer = Answer.of(agent.receive().frame());
        assertThat(answer.stdout())
            .contains(
                "\"code\": 6",
                "the document has " + length + " bytes, of which at most 65536 are allowed");
      }
    }
  }

  @Test
  void aCallOfTooManyValuesIsRefused() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(call("ADD", "{\"name\": [" + "0,".repeat(20_000) + "0]}").toFrame());
      assertThat(Answer.of(agent.receive().frame()).stdout())
          .contains(
              "\"code\": 6", "the document has 20003 values, of which at most 10000 are allowed");
    }
  }

  /// ADD refused this configuration, but DEL must still succeed, so that the pod can go.
  @Test
  void aDeletionWhoseConfigurationIsTooLongIsDone() throws IOException {
    for (String config : List.of("[" + "0,".repeat(20_000) + "0]", "x".repeat(3_000_000))) {
      try (FrameChannel agent = connect()) {
        agent.send(call("DEL", config).toFrame());
        Answer answer = Answer.of(agent.receive().frame());
        assertThat(answer.stdout()).isEmpty();
        assertThat(answer.exitCode()).isZero();
        assertThat(answer.stderr()).contains("does without its network configuration");
      }
    }
  }

  @Test
  void aResultOfIpamThatIsTooLongIsRefused() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(call("DEL", CONFIG).toFrame());
      assertThat(agent.receive().frame().knownKind()).contains(FrameKind.RUN);
      agent.send(ran(0, 0, " ".repeat(1_000_000)));
      assertThat(Answer.of(agent.receive().frame()).stdout())
          .contains("wrote more than the 65536 bytes that are allowed");
    }
  }

  /// An IPAM plugin may be as slow as its author likes.
  @Test
  void callsThatWaitForIpamKeepNobodyWaiting() throws IOException {
    int most = 256;
    List<FrameChannel> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < most; i++) {
        if (i == 100) {
          assertThat(query()).isEqualTo("about bonds");
          assertThat(answerTo(call("other", "DEL", WITHOUT_IPAM)).exitCode()).isZero();
        }
        FrameChannel agent = connect();
        waiting.add(agent);
        agent.send(call("pod" + i, "DEL", CONFIG).toFrame());
        assertThat(agent.receive().frame().knownKind()).contains(FrameKind.RUN);
      }
      assertThat(answerTo(call("other", "DEL", WITHOUT_IPAM)).stdout())
          .contains("\"code\": 11", "serving 256 calls already");
      assertThat(query()).isEqualTo("about bonds");
      assertThat(answerTo(call("other", "ADD", CONFIG)).stdout()).contains("\"code\": 4");
    } finally {
      for (FrameChannel agent : waiting) {
        agent.send(ran(0, 0, ""));
        Answer _ = Answer.of(agent.receive().frame());
        agent.close();
      }
    }
    assertThat(answerTo(call("other", "DEL", WITHOUT_IPAM)).exitCode()).isZero();
  }

  /// Calls with long texts that hang in IPAM must not keep other pods from ending, nor leave them
  /// without an answer.
  @Test
  void aDeletionForWhichThereIsNoMemoryIsLeftToItsShimAndAnAdditionIsToldSo() throws Exception {
    stop();
    limits =
        new ShimService.Limits(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(100));
    serve();
    String long64 = CONFIG.strip().replaceFirst("}$", ", \"x\": \"" + "y".repeat(60_000) + "\"}");
    List<FrameChannel> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        FrameChannel agent = connect();
        waiting.add(agent);
        agent.send(call("pod" + i, "DEL", long64).toFrame());
        assertThat(agent.receive().frame().knownKind()).contains(FrameKind.RUN);
      }
      assertThatThrownBy(() -> answerTo(call("other", "DEL", long64)))
          .isInstanceOf(IOException.class);
      isLogged("this deletion is left to be queued");
      assertThat(logged.toString(StandardCharsets.UTF_8))
          .contains("has had no memory for these 60");
      assertThat(answerTo(call("other", "DEL", WITHOUT_IPAM)).exitCode()).isZero();
      assertThat(query()).isEqualTo("about bonds");
    } finally {
      for (FrameChannel agent : waiting) {
        agent.send(ran(0, 0, ""));
        Answer _ = Answer.of(agent.receive().frame());
        agent.close();
      }
    }
    additionsAreToldSo(long64);
  }

  private void isLogged(String text) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!logged.toString(StandardCharsets.UTF_8).contains(text)) {
      assertThat(System.nanoTime()).as(text).isLessThan(end);
      Thread.sleep(10);
    }
  }

  /// Three additions wait for a lock, and there is memory for two.
  private void additionsAreToldSo(String config) throws Exception {
    List<FrameChannel> additions = new ArrayList<>();
    try (FileChannel file =
            FileChannel.open(scratch.resolve("state/lock"), StandardOpenOption.WRITE);
        FileLock _ = file.lock()) {
      for (int i = 0; i < 3; i++) {
        additions.add(connect());
        additions.getLast().send(call("pod" + i, "ADD", config).toFrame());
      }
      isLogged("ADD: the agent of this node");
    }
    List<String> answers = new ArrayList<>();
    for (FrameChannel addition : additions) {
      answers.add(Answer.of(addition.receive().frame()).stdout());
      addition.close();
    }
    assertThat(answers).filteredOn(answer -> answer.contains("\"code\": 4")).hasSize(2);
    assertThat(answers)
        .filteredOn(answer -> answer.contains("\"code\": 11"))
        .singleElement()
        .asString()
        .contains("no memory for these 60", "`podbond status` answers all the same");
  }

  private String query() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "bonds"));
      return Answer.of(agent.receive().frame()).stdout();
    }
  }

  private Answer answerTo(Call call) throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(call.toFrame());
      return Answer.of(agent.receive().frame());
    }
  }

  @Test
  void nonsenseEndsOnlyItsOwnConnection() throws IOException {
    try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      raw.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      assertThat(isOver(raw)).isTrue();
    }
    assertThat(query()).isEqualTo("about bonds");
    assertThat(answerTo(call("DEL", WITHOUT_IPAM)).exitCode()).isZero();
  }

  /// If the other side left bytes unread, the kernel resets the connection instead of ending it.
  private static boolean isOver(SocketChannel connection) {
    try {
      return connection.read(ByteBuffer.allocate(1)) < 0;
    } catch (IOException _) {
      return true;
    }
  }

  @Test
  void whileStoppingNewCallsAreToldToTryAgain() throws Exception {
    try (FrameChannel underWay = connect()) {
      underWay.send(call("DEL", CONFIG).toFrame());
      assertThat(underWay.receive().frame().knownKind()).contains(FrameKind.RUN);
      Thread stopping =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  service.close();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      while (stopping.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      try (FrameChannel late = connect()) {
        late.send(call("ADD", CONFIG).toFrame());
        assertThat(Answer.of(late.receive().frame()).stdout()).contains("\"code\": 11", "stopped");
      }
      underWay.send(ran(0, 0, ""));
      assertThat(Answer.of(underWay.receive().frame()).exitCode()).isZero();
      stopping.join();
    }
  }

  @Test
  void aSilentConnectionIsNotACall() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(Frame.of(FrameKind.CALL));
      assertThatThrownBy(agent::receive).isInstanceOf(EOFException.class);
    }
  }
}
