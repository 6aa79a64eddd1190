package dev.podbond.cli.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// One subcommand.
interface Subcommand {
  /// Its name, options and help.
  CommandSpec spec();

  /// Runs it.
  ///
  /// @param arguments the options and parameters of this subcommand
  /// @return the exit code
  /// @throws FailureException if it fails, with the message for the user
  int run(ParseResult arguments) throws FailureException;
}
