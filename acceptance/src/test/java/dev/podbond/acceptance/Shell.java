package dev.podbond.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs the guest's own commands.
final class Shell {
  private static final long LIMIT_SECONDS = 60;

  private Shell() {}

  /// The result of a command.
  record Finished(int exitCode, String output) {}

  /// Runs a command that must succeed.
  ///
  /// @return its output
  static String run(List<String> command) throws IOException {
    return run(command, "");
  }

  /// Runs a command that reads this and must succeed.
  static String run(List<String> command, String input) throws IOException {
    Finished finished = attempt(command, input);
    if (finished.exitCode() != 0) {
      throw new AssertionError(
          String.join(" ", command)
              + " ended with "
              + finished.exitCode()
              + ": "
              + finished.output());
    }
    return finished.output();
  }

  /// Runs a command that may fail; its output includes its errors.
  static Finished attempt(List<String> command) throws IOException {
    return attempt(command, "");
  }

  private static Finished attempt(List<String> command, String input) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.outputWriter()) {
      in.write(input);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(String.join(" ", command) + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return new Finished(process.exitValue(), output);
  }
}
