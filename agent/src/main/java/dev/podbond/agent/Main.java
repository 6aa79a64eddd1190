package dev.podbond.agent;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.ShimListener;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.PluginNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The agent's executable. Its settings are environment variables, as those of its shims are.
public final class Main {
  private static final int PRACTICE_ROUNDS = 8;

  private Main() {}

  static void main(String[] args) throws IOException, StateException {
    AgentLog log = new AgentLog(System.err);
    if (args.length == 1 && args[0].equals("--train")) {
      Optional<String> _ =
          Practice.run(Path.of(System.getProperty("java.io.tmpdir")), PRACTICE_ROUNDS);
      return;
    }
    if (args.length > 0) {
      System.err.println("usage: podbond-agent, with PODBOND_SOCKET and PODBOND_STATE if need be");
      System.exit(2);
    }
    PluginNode node = PluginNode.ofThisMachine(System.err);
    Optional<Path> state = Optional.ofNullable(System.getenv("PODBOND_STATE")).map(Path::of);
    Path socket =
        Path.of(
            Optional.ofNullable(System.getenv("PODBOND_SOCKET")).orElse("/run/podbond/agent.sock"));
    practise(socket, log);
    Agent agent = Agent.start(state.map(node::withState).orElse(node), socket, log);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(agent, log)));
    agent.run();
  }

  /// Without practice the first pods would wait until the JVM has loaded and compiled what they
  /// need.
  private static void practise(Path socket, AgentLog log) {
    try {
      Practice.run(ShimListener.directoryOf(socket), PRACTICE_ROUNDS)
          .ifPresent(problem ->
              log.warn(
                  "the first calls will be slow, since no bond could be made for practice: "
                      + problem));
    } catch (IOException | StateException e) {
      log.warn("the first calls will be slow, since practice failed: " + e.getMessage());
    }
  }

  private static void stop(Agent agent, AgentLog log) {
    try {
      agent.close();
    } catch (IOException | StateException e) {
      log.warn("could not stop in order: " + e.getMessage());
    }
  }
}
