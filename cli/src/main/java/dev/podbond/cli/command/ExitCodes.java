package dev.podbond.cli.command;

/// What the command exits with, `exec` apart, which passes on the code of what it ran.
final class ExitCodes {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  private ExitCodes() {}
}
