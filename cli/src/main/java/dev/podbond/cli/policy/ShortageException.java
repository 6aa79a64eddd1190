package dev.podbond.cli.policy;

import java.io.Serial;

/// A resource has too few VFs for a pod; the message names it and says what to do.
public final class ShortageException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  ShortageException(String message) {
    super(message);
  }
}
