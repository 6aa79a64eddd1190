package dev.podbond.cli.store;

import java.io.Serial;

/// Applied objects could not be read or stored; the message names the file and what to do.
public final class StoreException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  StoreException(String message) {
    super(message);
  }

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
