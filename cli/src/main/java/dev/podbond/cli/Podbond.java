package dev.podbond.cli;

import dev.podbond.cli.command.Console;
import dev.podbond.cli.command.Root;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The `podbond` command: a cluster's objects for pod-level bonds, on one machine.
public final class Podbond {
  private Podbond() {}

  /// Runs the command. Exits with 0, with 1 after a failure that was explained, or with 2 for an
  /// invalid command line.
  public static void main(String[] args) {
    Console console =
        new Console(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    Root root =
        new Root(console, System.getenv(), Optional.ofNullable(System.getProperty("podbond.home")));
    System.exit(root.run(args));
  }
}
