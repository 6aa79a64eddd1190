package dev.podbond.cli.command;

import java.io.Serial;

/// Whoever runs the command may not do what it needs. Nothing follows from that for what it asks
/// about.
final class NotAllowedException extends FailureException {
  @Serial private static final long serialVersionUID = 1L;

  NotAllowedException(String message) {
    super(message);
  }
}
