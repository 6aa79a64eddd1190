package dev.podbond.cli;

import dev.podbond.cli.command.Console;
import dev.podbond.cli.command.Root;
import dev.podbond.plugins.warmup.WarmUpPod;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Loads what commands load, for the start-up cache that packaging records: the commands that
/// change nothing but their own files, and what the plugins load, for changes to links and VFs.
final class AotTraining {
  private AotTraining() {}

  /// @param args the directory of the user's objects
  static void main(String[] args) throws IOException {
    dev.podbond.plugins.warmup.AotTraining.main();
    String objects = args[0];
    try (WarmUpPod pod = WarmUpPod.open(Files.createTempDirectory("podbond-training"))) {
      Path directory = pod.directory();
      String[] store = {"--state-dir", directory.resolve("objects").toString()};
      String[] networks = {
        "-f", objects + "/00-namespace.yaml",
        "-f", objects + "/20-networks.yaml",
        "-f", objects + "/40-bond.yaml"
      };
      run("explain", "-f", objects + "/40-bond.yaml");
      run(line("apply", store, networks));
      for (String what : new String[] {"pods", "nads", "vfs", "bonds"}) {
        run(line("get", store, what));
      }
      run(line("check", store, "demo/bondpod1"));
      run(line("delete", store, networks));
      run("status", "--socket", directory.resolve("agent.sock").toString());
    }
    // As commands end: it loads the logger of exits.
    System.exit(0);
  }

  private static String[] line(String command, String[] options, String... more) {
    return Stream.of(new String[] {command}, options, more)
        .flatMap(Stream::of)
        .toArray(String[]::new);
  }

  /// Some of them fail here, as `status` without an agent: what they load is what counts.
  private static void run(String... line) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    int _ = new Root(new Console(nowhere, nowhere), Map.of(), Optional.empty()).run(line);
  }
}
