package dev.podbond.node.state;

import java.util.Objects;

/// State on disk could not be read or written; the message names the file and the reason.
public class StateException extends Exception {
  private static final long serialVersionUID = 1L;

  StateException(String message) {
    super(message);
  }

  StateException(String message, Throwable cause) {
    super(message, cause);
  }

  /// Never null, unlike other exceptions' messages.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
