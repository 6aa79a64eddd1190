package dev.podbond.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The output of `make dist`: the real executables, with their own Java runtime.
final class Dist {
  private static final Path ROOT = Path.of(System.getProperty("podbond.dist", "dist/opt"));
  private static final Path EXAMPLES = Path.of(System.getProperty("podbond.examples", "examples"));

  private Dist() {}

  static Path root() {
    return ROOT;
  }

  static Path plugins() {
    return ROOT.resolve("cni/bin");
  }

  static Path example(String name) {
    return EXAMPLES.resolve(name);
  }

  /// Runs the `podbond` command.
  static Shell.Finished podbond(List<String> arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(podbond().toString()));
    line.addAll(arguments);
    return Shell.attempt(line);
  }

  static Path podbond() {
    return ROOT.resolve("podbond/bin/podbond");
  }

  static Path agent() {
    return ROOT.resolve("podbond/bin/podbond-agent");
  }

  /// A plugin's executable while it runs.
  record Running(Process process) {
    /// Waits for its end.
    Outcome outcome() throws IOException, InterruptedException {
      String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String stderr = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), stdout, stderr);
    }
  }

  /// Runs a plugin's executable as a runtime does.
  static Outcome plugin(String type, Map<String, String> environment, String stdin)
      throws IOException, InterruptedException {
    return start(type, environment, stdin).outcome();
  }

  static Running start(String type, Map<String, String> environment, String stdin)
      throws IOException {
    return start(List.of(plugins().resolve(type).toString()), environment, stdin);
  }

  /// Runs a plugin by a command that executes it.
  static Running start(List<String> command, Map<String, String> environment, String stdin)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (var in = process.getOutputStream()) {
      in.write(stdin.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // It may end without reading stdin, as for VERSION. Its exit code tells whether that was
      // right.
    }
    return new Running(process);
  }
}
