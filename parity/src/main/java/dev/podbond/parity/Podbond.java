package dev.podbond.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Our plugins: the shims of `dist/opt`, with an agent that serves them.
final class Podbond implements Contestant {
  private static final long LIMIT_SECONDS = 60;
  private static final long PAUSE_MILLIS = 50;

  private final Path dist;
  private final Path scratch;
  private Optional<Process> agent = Optional.empty();

  /// @param dist what `make dist` made
  /// @param scratch an empty directory for state, socket and log
  Podbond(Path dist, Path scratch) {
    this.dist = dist;
    this.scratch = scratch;
  }

  @Override
  public Path executable(String type) {
    return dist.resolve("cni/bin").resolve(type);
  }

  @Override
  public Map<String, String> environment() {
    return Map.of("PODBOND_SOCKET", socket().toString(), "PODBOND_STATE", state().toString());
  }

  private Path state() {
    return scratch.resolve("state");
  }

  private Path socket() {
    return scratch.resolve("run/agent.sock");
  }

  @Override
  public void start() throws IOException {
    Files.deleteIfExists(socket());
    Path log = scratch.resolve("agent.log");
    ProcessBuilder builder =
        new ProcessBuilder(dist.resolve("podbond/bin/podbond-agent").toString());
    builder.environment().putAll(environment());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process started = builder.start();
    agent = Optional.of(started);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!Files.exists(socket())) {
      if (!started.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("the agent does not serve: " + Files.readString(log));
      }
      Waiting.pause(PAUSE_MILLIS);
    }
  }

  /// The agent removes what a vanished pod left, its records last.
  @Override
  public void settle(String containerId) throws IOException {
    Waiting.until(
        "the agent has removed what pod " + containerId + " left",
        () -> {
          try (Stream<Path> records = Files.list(state())) {
            return records.noneMatch(
                record -> record.getFileName().toString().startsWith(containerId + ":"));
          }
        });
  }

  /// As a node without power: the agent has no time to tidy up.
  @Override
  public void stop() throws IOException {
    if (agent.isPresent()) {
      Process process = agent.get();
      process.destroyForcibly();
      process.onExit().join();
      agent = Optional.empty();
    }
  }
}
