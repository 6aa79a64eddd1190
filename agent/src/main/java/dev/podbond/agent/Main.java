package dev.podbond.agent;

import dev.podbond.agent.install.Leaving;
import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.ShimListener;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.PluginNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The agent's executable. Its settings are environment variables, as those of its shims are.
public final class Main {
  /// After so many rounds what a call runs is compiled; a few seconds, if the node has time.
  private static final String USUAL_ROUNDS = "100";

  private static final Duration PRACTICE_LIMIT = Duration.ofSeconds(30);
  private static final int TRAINING_ROUNDS = 8;

  private Main() {}

  static void main(String[] args) throws IOException, StateException {
    AgentLog log = new AgentLog(System.err);
    if (args.length == 1 && args[0].equals("--train")) {
      Optional<String> _ =
          Practice.run(
              Files.createTempDirectory("podbond-training"), TRAINING_ROUNDS, PRACTICE_LIMIT);
      return;
    }
    if (args.length > 0) {
      throw usage("it takes no arguments");
    }
    int rounds = practiceRounds();
    PluginNode node = PluginNode.ofThisMachine(System.err);
    Optional<Path> state = Optional.ofNullable(System.getenv("PODBOND_STATE")).map(Path::of);
    Path socket =
        Path.of(
            Optional.ofNullable(System.getenv("PODBOND_SOCKET")).orElse("/run/podbond/agent.sock"));
    practise(socket, rounds, log);
    Agent agent = Agent.start(state.map(node::withState).orElse(node), socket, log);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(agent, log)));
    agent.run();
  }

  private static int practiceRounds() {
    String rounds = System.getenv().getOrDefault("PODBOND_PRACTICE", USUAL_ROUNDS);
    if (!rounds.matches("[0-9]{1,4}")) {
      throw usage("PODBOND_PRACTICE is '" + rounds + "', which must be a number of rounds");
    }
    return Integer.parseInt(rounds);
  }

  /// Ends the process.
  private static IllegalArgumentException usage(String problem) {
    System.err.println(
        "podbond-agent: "
            + problem
            + "; its settings are PODBOND_SOCKET, PODBOND_STATE and PODBOND_PRACTICE");
    System.exit(2);
    return new IllegalArgumentException(problem);
  }

  /// Without practice the first pods would wait until the JVM has loaded and compiled what they
  /// need.
  private static void practise(Path socket, int rounds, AgentLog log) {
    if (rounds == 0) {
      return;
    }
    try {
      Practice.run(ShimListener.directoryOf(socket).resolve("practice"), rounds, PRACTICE_LIMIT)
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
      Optional<Leaving> leaving = Leaving.of(System.getenv());
      if (leaving.isPresent()) {
        log.info(leaving.get().leave());
      }
    } catch (IOException | StateException e) {
      log.warn("could not stop in order: " + e.getMessage());
    }
  }
}
