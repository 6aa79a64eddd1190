package dev.podbond.cli.command;

/// What the command exits with, `exec` apart, which passes on the code of what it ran.
final class ExitCodes {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  /// All else is done; something that was given is not understood or not carried out here, which
  /// has been named.
  static final int PASSED_BY = 3;

  private ExitCodes() {}
}
