package dev.podbond.parity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Starts processes and waits for them.
final class Commands {
  private static final long LIMIT_SECONDS = 120;
  private static final String SEARCH = "/usr/sbin:/usr/bin:/sbin:/bin";

  private Commands() {}

  /// The result of a process.
  record Finished(int exitCode, String stdout, String stderr) {}

  /// Runs a command that must succeed.
  ///
  /// @return its standard output
  static String run(List<String> command, String stdin) throws IOException {
    Finished finished = execute(command, Map.of("PATH", SEARCH), stdin);
    if (finished.exitCode() != 0) {
      throw new IOException(
          String.join(" ", command)
              + " ended with "
              + finished.exitCode()
              + ": "
              + finished.stderr());
    }
    return finished.stdout();
  }

  static String run(String... command) throws IOException {
    return run(List.of(command), "");
  }

  /// Runs a command with exactly this environment.
  static Finished execute(List<String> command, Map<String, String> environment, String stdin)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    Reader errors = new Reader(process);
    Thread reading = Thread.ofVirtual().start(errors);
    write(process, stdin);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + " does not end");
      }
      reading.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return new Finished(process.exitValue(), output, errors.text);
  }

  /// A process may end without reading its input.
  private static void write(Process process, String stdin) {
    try (var in = process.getOutputStream()) {
      in.write(stdin.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // Its exit code tells.
    }
  }

  private static final class Reader implements Runnable {
    private final Process process;
    private volatile String text = "";

    Reader(Process process) {
      this.process = process;
    }

    @Override
    public void run() {
      try {
        text = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        text = e.toString();
      }
    }
  }
}
