package dev.podbond.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.node.state.LockName;
import dev.podbond.node.state.NodeLocks;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import java.io.IOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The agent as its own process, with the heap that we ship it with.
final class AgentHeapTest {
  private static final Path OPTIONS = Path.of("../packaging/options/agent").toAbsolutePath();

  private static final int CALLS = 256;

  /// More than the agent has carrier threads for virtual threads that block in the kernel.
  private static final int HANGING = 20;

  /// Texts whose JSON tree is many times as large as the text.
  private static final List<String> WASTEFUL =
      List.of("0", "10", "{\"a\":0}", "[0]", "\"ab\"", "[".repeat(50) + "]".repeat(50));

  private static final String CONFIG =
      """
      {"cniVersion": "1.0.0", "name": "net", "type": "bond", "mode": "active-backup",
       "links": [{"name": "net1"}, {"name": "net2"}], "ipam": {"type": "pool", "x": [%s]}}\
      """;

  private static final String CANNOT_ACCEPT = "cannot take a connection";

  @TempDir Path scratch;
  private final List<FrameChannel> waiting = new ArrayList<>();
  private Path socket;
  private Path log;
  private Process agent;

  @BeforeEach
  void start() throws Exception {
    socket = scratch.resolve("run/agent.sock");
    log = scratch.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-p",
            ModuleLayer.boot().configuration().modules().stream()
                .flatMap(module -> module.reference().location().stream())
                .filter(location -> location.getScheme().equals("file"))
                .map((URI location) -> Path.of(location).toString())
                .collect(Collectors.joining(":")),
            "@" + OPTIONS);
    builder
        .environment()
        .putAll(
            Map.of(
                "PODBOND_STATE", scratch.resolve("state").toString(),
                "PODBOND_SOCKET", socket.toString(),
                "PODBOND_PRACTICE", "0"));
    agent = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!isListening()) {
      assertThat(agent.isAlive() && System.nanoTime() < end).as(Files.readString(log)).isTrue();
      Thread.sleep(20);
    }
  }

  private boolean isListening() {
    try (FrameChannel _ = connect()) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @AfterEach
  void stop() throws Exception {
    for (FrameChannel call : waiting) {
      call.close();
    }
    agent.destroyForcibly().waitFor();
  }

  private FrameChannel connect() throws IOException {
    return new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)), 1 << 20);
  }

  private static String config(int bytes, String filler) {
    int room = bytes - CONFIG.length();
    return CONFIG.formatted((filler + ",").repeat(room / (filler.length() + 1)) + "0");
  }

  private FrameChannel send(String verb, int number, int bytes) throws IOException {
    FrameChannel call = connect();
    waiting.add(call);
    // The longest configurations get as many values as are allowed.
    String filler = bytes > 20_000 ? "\"abcd\"" : WASTEFUL.get(number % WASTEFUL.size());
    Call asked =
        new Call(
            "bond",
            Map.of(
                "CNI_COMMAND", verb,
                "CNI_CONTAINERID", verb + number,
                "CNI_NETNS", "/run/netns/none",
                "CNI_IFNAME", "bond0",
                "CNI_PATH", "/opt/cni/bin"),
            config(bytes, filler));
    call.send(asked.toFrame());
    return call;
  }

  /// Sends as many calls as a node serves at once, of several lengths.
  private List<FrameChannel> sendMany(String verb) throws Exception {
    List<FrameChannel> calls = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      calls.add(send(verb, i, i % 16 == 0 ? 60_000 : i % 3 == 0 ? 1_500 : 8_000));
      if (i % 32 == 0) {
        answers();
      }
    }
    answers();
    return calls;
  }

  private void answers() throws Exception {
    try (FrameChannel question = connect()) {
      question.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "bonds"));
      assertThat(Answer.of(question.receive().frame()).exitCode()).isZero();
    } catch (IOException e) {
      throw new AssertionError("the agent is gone: " + Files.readString(log), e);
    }
  }

  /// The deletions wait for an IPAM plugin that nobody answers for. The additions, all parsed, wait
  /// for a lock that this test holds, until it is free.
  @Test
  void calls256OfEachKindThatWaitWithTheCostliestConfigurationsAreServedWithTheShippedHeap()
      throws Exception {
    assertThat(send("DEL", CALLS, 8_000).receive().frame().knownKind()).contains(FrameKind.RUN);
    sendMany("DEL");
    List<FrameChannel> additions;
    NodeLocks locks = NodeLocks.open(scratch.resolve("state"), new Polling(WaitClock.SYSTEM));
    try {
      for (int i = 0; i < CALLS; i++) {
        for (String verb : List.of("ADD", "CHECK")) {
          locks.acquire(new LockName.OfAttachment(verb + i, "bond0"), Duration.ZERO);
        }
      }
      additions = sendMany("ADD");
      sendMany("CHECK");
    } finally {
      locks.close();
    }
    for (FrameChannel addition : additions) {
      assertThat(Answer.of(addition.receive().frame()).stdout()).contains("CNI_NETNS");
    }
    answers();
    assertThat(agent.isAlive()).isTrue();
  }

  /// The shims are gone, so the agent runs the plugins itself. There are more plugins than carrier
  /// threads.
  @Test
  void pluginsThatHangWithoutTheirShimsKeepNobodyFromBeingServed() throws Exception {
    Path plugins = Files.createDirectory(scratch.resolve("plugins"));
    Path hanging = Files.createDirectory(scratch.resolve("hanging"));
    Path pool = plugins.resolve("pool");
    Files.writeString(
        pool,
        """
        #!/bin/sh
        cat > /dev/null
        touch "%1$s/$CNI_CONTAINERID"
        while [ -d "%1$s" ]; do sleep 0.5; done
        """
            .formatted(hanging));
    Files.setPosixFilePermissions(pool, PosixFilePermissions.fromString("rwxr-xr-x"));

    for (int i = 0; i < HANGING; i++) {
      try (FrameChannel shim = connect()) {
        shim.send(deletion("pod" + i, plugins).toFrame());
        assertThat(shim.receive().frame().knownKind()).contains(FrameKind.RUN);
      }
    }

    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (count(hanging) < HANGING) {
      assertThat(System.nanoTime()).as("%d plugins run", count(hanging)).isLessThan(end);
      Thread.sleep(20);
    }
    answers();
  }

  @Test
  void wantOfDescriptorsKeepsConnectionsWaitingAndEndsNothing() throws Exception {
    // Once it has answered, it has opened the files that hold its classes. A run-time image has no
    // such files.
    answers();
    long few = count(Path.of("/proc/" + agent.pid() + "/fd")) + 10;
    Process limiting =
        new ProcessBuilder(
                "prlimit", "--pid", "" + agent.pid(), "--nofile=%1$d:%1$d".formatted(few))
            .inheritIO()
            .start();
    assertThat(limiting.waitFor()).isZero();

    for (int i = 0; i < 60; i++) {
      waiting.add(connect());
    }
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!Files.readString(log).contains(CANNOT_ACCEPT)) {
      assertThat(agent.isAlive() && System.nanoTime() < end).as(Files.readString(log)).isTrue();
      Thread.sleep(20);
    }
    for (FrameChannel connection : waiting) {
      connection.close();
    }

    answers();
    assertThat(Files.readString(log)).containsOnlyOnce(CANNOT_ACCEPT);
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  private static Call deletion(String pod, Path plugins) {
    return new Call(
        "bond",
        Map.of(
            "CNI_COMMAND", "DEL",
            "CNI_CONTAINERID", pod,
            "CNI_NETNS", "/run/netns/none",
            "CNI_IFNAME", "bond0",
            "CNI_PATH", plugins.toString(),
            "PATH", "/usr/bin:/bin"),
        CONFIG.formatted("0"));
  }
}
