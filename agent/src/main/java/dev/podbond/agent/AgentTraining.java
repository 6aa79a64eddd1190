package dev.podbond.agent;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.PluginNode;
import dev.podbond.plugins.StartupTraining;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;

/// Goes through what an agent loads, for the start-up cache that packaging records, and ends.
final class AgentTraining {
  private static final int ROUNDS = 10;
  private static final int KEPT_BYTES = 1024 * 1024;

  private AgentTraining() {}

  static void run(AgentLog log) throws IOException, StateException {
    Path scratch = Files.createTempDirectory("podbond-training");
    PluginNode node = PluginNode.ofThisMachine(System.err).withState(scratch.resolve("state"));
    Path socket = scratch.resolve("agent/agent.sock");
    try (Agent agent = Agent.start(node, socket, log)) {
      Thread.ofPlatform().start(() -> serve(agent, log));
      StartupTraining.run(scratch);
      for (int i = 0; i < ROUNDS; i++) {
        call(socket, "ADD");
        call(socket, "DEL");
      }
    }
    try (var files = Files.walk(scratch)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void serve(Agent agent, AgentLog log) {
    try {
      agent.run();
    } catch (IOException e) {
      log.warn("the training ended early: " + e.getMessage());
    }
  }

  private static void call(Path socket, String verb) throws IOException {
    Map<String, String> env =
        Map.of(
            "CNI_COMMAND", verb,
            "CNI_CONTAINERID", "training",
            "CNI_NETNS", "/run/netns/training",
            "CNI_IFNAME", "training0",
            "CNI_PATH", "/nowhere");
    String config =
        """
        {"cniVersion": "1.0.0", "name": "training", "type": "bond", "mode": "active-backup",
         "links": [{"name": "training1"}, {"name": "training2"}]}
        """;
    try (FrameChannel channel =
        new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)), KEPT_BYTES)) {
      channel.send(new Call("bond", env, config).toFrame());
      Answer _ = Answer.of(channel.receive().frame());
    }
  }
}
