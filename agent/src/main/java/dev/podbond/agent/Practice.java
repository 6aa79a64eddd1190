package dev.podbond.agent;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.PluginNode;
import dev.podbond.plugins.TrainingPod;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/// Whole calls to a second agent with a socket, a state directory and a pod of its own: so classes
/// are loaded, system calls linked and what is often called compiled before the first pod waits for
/// it. Also what the start-up cache is recorded from.
final class Practice {
  private static final int KEPT_BYTES = 1024 * 1024;

  private final Path socket;
  private final TrainingPod pod;

  private Practice(Path socket, TrainingPod pod) {
    this.socket = socket;
    this.pod = pod;
  }

  /// Makes a bond and takes it apart, a number of times.
  ///
  /// @param directory where it may make a directory, of which nothing is left afterwards
  /// @return whether a bond could be made every time
  static boolean run(Path directory, int rounds) throws IOException, StateException {
    Path scratch = Files.createTempDirectory(directory, "practice");
    try (TrainingPod pod = TrainingPod.open()) {
      return run(scratch, pod, rounds);
    } finally {
      try (var files = Files.walk(scratch)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static boolean run(Path scratch, TrainingPod pod, int rounds)
      throws IOException, StateException {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true);
    AgentLog log = new AgentLog(nowhere);
    PluginNode here = PluginNode.ofThisMachine(nowhere);
    PluginNode node =
        new PluginNode(
            scratch.resolve("state"),
            here.sysfs(),
            scratch.resolve("node.json"),
            scratch.resolve("sriov-cni"),
            here.ipam(),
            nowhere);
    Practice practice = new Practice(scratch.resolve("agent/agent.sock"), pod);
    boolean allDone = true;
    try (Agent agent = Agent.start(node, practice.socket, log)) {
      Thread.ofPlatform().name("practice").start(() -> serve(agent, log));
      Answer _ = practice.call("sriov", "ADD", TrainingPod.VF);
      for (int i = 0; i < rounds; i++) {
        allDone &= practice.call("bond", "ADD", TrainingPod.BOND).exitCode() == 0;
        allDone &= practice.call("bond", "DEL", TrainingPod.BOND).exitCode() == 0;
      }
    }
    return allDone;
  }

  private static void serve(Agent agent, AgentLog log) {
    try {
      agent.run();
    } catch (IOException e) {
      log.warn("practice ended early: " + e.getMessage());
    }
  }

  /// A call as a shim makes it, which also plays the IPAM plugin.
  private Answer call(String plugin, String verb, String config) throws IOException {
    Map<String, String> env = pod.env(verb);
    try (FrameChannel channel =
        new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)), KEPT_BYTES)) {
      channel.send(new Call(plugin, env, config).toFrame());
      Frame frame = channel.receive().frame();
      while (frame.knownKind().equals(Optional.of(FrameKind.RUN))) {
        channel.send(
            Frame.of(FrameKind.RAN)
                .withU8(Tag.OUTCOME, 0)
                .withU32(Tag.STATUS, 0)
                .with(Tag.STDOUT, verb.equals("ADD") ? TrainingPod.ADDRESSES : "")
                .with(Tag.STDERR, "")
                .with(Tag.PATH, "/nowhere/host-local"));
        frame = channel.receive().frame();
      }
      return Answer.of(frame);
    }
  }
}
