package dev.podbond.agent;

import dev.podbond.agent.install.Leaving;
import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.ShimListener;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.ipam.HostView;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.value.IoReason;
import dev.podbond.value.ListenAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The agent's executable. Like the shim, it takes its settings from environment variables.
public final class Main {
  /// After this many rounds the JVM has compiled the code that a call runs. They take a few seconds
  /// if the node is not busy.
  private static final String USUAL_ROUNDS = "100";

  private static final Duration WARM_UP_LIMIT = Duration.ofSeconds(30);
  private static final int TRAINING_ROUNDS = 8;

  /// The exit code after a defect (`sysexits.h`, EX_SOFTWARE).
  private static final int DEFECT = 70;

  private Main() {}

  static void main(String[] args) throws IOException, StateException {
    AgentLog log = new AgentLog(System.err);
    if (args.length == 1 && args[0].equals("--train")) {
      Optional<String> _ =
          WarmUp.run(
              Files.createTempDirectory("podbond-training"),
              TRAINING_ROUNDS,
              WARM_UP_LIMIT,
              () -> false);
      return;
    }
    if (args.length > 0) {
      throw usage("it takes no arguments");
    }
    int rounds = warmUpRounds();
    NodeEnvironment node = NodeEnvironment.ofThisMachine(System.err, HostView.LASTING);
    Optional<Path> state = Optional.ofNullable(System.getenv("PODBOND_STATE")).map(Path::of);
    Path socket =
        Path.of(
            Optional.ofNullable(System.getenv("PODBOND_SOCKET"))
                .filter(named -> !named.isEmpty())
                .orElse(FrameChannel.DEFAULT_SOCKET));
    Thread.setDefaultUncaughtExceptionHandler((thread, defect) -> end(thread, defect, log));
    Agent agent =
        Agent.start(
            state.map(node::withState).orElse(node), set("PODBOND_NODE"), listening(socket), log);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(agent, log)));
    Thread.ofPlatform().daemon().name("warm-up").start(() -> warmUp(agent, socket, rounds, log));
    agent.run();
  }

  /// Ends the process: an agent that lost one of its threads would silently do only half of its
  /// work. All state is on disk and in the kernel, so the next agent goes on.
  private static void end(Thread thread, Throwable defect, AgentLog log) {
    log.warn("ends, since a defect ended its thread " + thread.getName() + ": " + defect);
    Runtime.getRuntime().halt(DEFECT);
  }

  private static Listening listening(Path calls) {
    Optional<ListenAddress> metrics =
        set("PODBOND_METRICS_LISTEN").flatMap(ListenAddress::ofComposed);
    if (metrics.isEmpty() && set("PODBOND_METRICS_LISTEN").isPresent()) {
      throw usage(
          "PODBOND_METRICS_LISTEN is '"
              + set("PODBOND_METRICS_LISTEN").get()
              + "', which must be an address and a port, as 127.0.0.1:9808 or [::]:9808");
    }
    try {
      return new Listening(calls, set("PODBOND_QUERY_SOCKET").map(Path::of), metrics);
    } catch (IllegalArgumentException e) {
      throw usage("PODBOND_QUERY_SOCKET is wrong: " + e.getMessage());
    }
  }

  private static Optional<String> set(String variable) {
    return Optional.ofNullable(System.getenv(variable)).filter(named -> !named.isEmpty());
  }

  private static int warmUpRounds() {
    String rounds = System.getenv().getOrDefault("PODBOND_PRACTICE", USUAL_ROUNDS);
    if (!rounds.matches("[0-9]{1,4}")) {
      throw usage("PODBOND_PRACTICE is '" + rounds + "', which must be a number of rounds");
    }
    return Integer.parseInt(rounds);
  }

  /// Prints the usage and ends the process.
  private static IllegalArgumentException usage(String problem) {
    System.err.println(
        "podbond-agent: "
            + problem
            + "; its settings are PODBOND_SOCKET, PODBOND_QUERY_SOCKET,"
            + " PODBOND_METRICS_LISTEN, PODBOND_STATE, PODBOND_NODE and PODBOND_PRACTICE");
    System.exit(2);
    return new IllegalArgumentException(problem);
  }

  /// Without a warm-up the first pods would wait until the JVM has loaded and compiled the code
  /// that they need. The first real call ends the warm-up, since it warms up the JVM as well.
  private static void warmUp(Agent agent, Path socket, int rounds, AgentLog log) {
    if (rounds == 0) {
      return;
    }
    try {
      WarmUp.run(
              ShimListener.directoryOf(socket).resolve("practice"),
              rounds,
              WARM_UP_LIMIT,
              agent::hasBeenCalled)
          .ifPresentOrElse(
              problem ->
                  log.warn(
                      "the first calls will be slow, since no bond could be made for practice: "
                          + problem),
              () -> log.info("has practised"));
    } catch (IOException | StateException | RuntimeException e) {
      log.warn("the first calls will be slow, since practice failed: " + IoReason.withFile(e));
    }
    agent.worked();
  }

  private static void stop(Agent agent, AgentLog log) {
    try {
      agent.close();
      Optional<Leaving> leaving = Leaving.of(System.getenv());
      if (leaving.isPresent()) {
        log.info(leaving.get().leave());
      }
    } catch (IOException | StateException e) {
      log.warn("could not stop in order: " + IoReason.withFile(e));
    }
  }
}
