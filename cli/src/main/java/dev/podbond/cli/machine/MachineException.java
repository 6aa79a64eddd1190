package dev.podbond.cli.machine;

import java.io.Serial;

/// The machine could not be read or changed; the message says what, why and what to do.
public final class MachineException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  public MachineException(String message) {
    super(message);
  }

  public MachineException(String message, Throwable cause) {
    super(message, cause);
  }
}
