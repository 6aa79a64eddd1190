package dev.podbond.cli.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// One subcommand.
interface Subcommand {
  /// Its name, options and help.
  CommandSpec spec();

  /// Does it.
  ///
  /// @param arguments the options and parameters of this subcommand
  /// @return the exit code
  /// @throws FailureException when it cannot, with what to say about it
  int run(ParseResult arguments) throws FailureException;
}
