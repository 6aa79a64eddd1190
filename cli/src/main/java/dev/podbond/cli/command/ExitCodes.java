package dev.podbond.cli.command;

/// The command's exit codes, except for `exec`, which passes on the code of the command it ran.
final class ExitCodes {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  /// Everything else is done, but some input was not understood or is not supported here; the
  /// output names it.
  static final int PASSED_BY = 3;

  /// Nothing is known to be wrong, but something could not be looked at.
  static final int UNKNOWN = 3;

  private ExitCodes() {}
}
