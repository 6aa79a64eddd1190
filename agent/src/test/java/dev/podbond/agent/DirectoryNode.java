package dev.podbond.agent;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.plugins.node.NodeEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/// A node without PFs all of whose files are in a directory, and what its agents log.
public final class DirectoryNode {
  /// An IPAM plugin that always ends well.
  public static final PluginExec IPAM = (_, _, _) -> "";

  private final Path directory;
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(logged, true, StandardCharsets.UTF_8);

  /// The node of a directory that is there.
  public DirectoryNode(Path directory) {
    this.directory = directory;
  }

  /// The node as plugins see it that keep their state in this directory.
  public NodeEnvironment environment(Path state, PluginExec ipam) {
    return new NodeEnvironment(
        state,
        directory.resolve("sys"),
        directory.resolve("node.json"),
        directory.resolve("sriov-cni"),
        ipam,
        stream);
  }

  /// Starts a real agent, which serves at the socket until it is closed.
  Agent start(Path state, Path socket, PluginExec ipam) throws Exception {
    Agent agent = Agent.start(environment(state, ipam), Listening.of(socket), agentLog());
    Thread.ofPlatform().start(agent::run);
    return agent;
  }

  /// Where its agents log.
  public AgentLog agentLog() {
    return new AgentLog(stream);
  }

  /// What its agents logged so far.
  public String log() {
    return logged.toString(StandardCharsets.UTF_8);
  }

  /// As if they had logged nothing so far.
  void forgetLog() {
    logged.reset();
  }

  /// A connection to the agent at the socket, as a shim has it.
  static FrameChannel connect(Path socket) throws IOException {
    return new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)), 1 << 20);
  }

  /// What an agent was asked came to.
  ///
  /// @param executed whether the shim had to run the IPAM plugin, which ended well
  record Reply(Answer answer, boolean executed) {}

  /// Asks the agent at the socket, and runs the IPAM plugin for it if it wants that.
  static Reply ask(Path socket, Frame question) throws IOException {
    try (FrameChannel shim = connect(socket)) {
      shim.send(question);
      Frame answer = shim.receive().frame();
      boolean executed = answer.knownKind().equals(Optional.of(FrameKind.RUN));
      if (executed) {
        shim.send(ran());
        answer = shim.receive().frame();
      }
      return new Reply(Answer.of(answer), executed);
    }
  }

  /// What a shim says whose IPAM plugin ended well.
  static Frame ran() {
    return Frame.of(FrameKind.RAN)
        .withU8(Tag.OUTCOME, 0)
        .withU32(Tag.STATUS, 0)
        .with(Tag.STDOUT, "")
        .with(Tag.PATH, "/opt/cni/bin/pool");
  }
}
