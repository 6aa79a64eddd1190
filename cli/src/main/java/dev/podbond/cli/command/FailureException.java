package dev.podbond.cli.command;

import java.io.Serial;
import java.util.ArrayList;
import java.util.List;

/// A command failed.
sealed class FailureException extends Exception permits NotAllowedException {
  @Serial private static final long serialVersionUID = 1L;

  FailureException(String message) {
    super(message);
  }

  /// A failure in the words of its cause.
  FailureException(Exception cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }

  /// The message, and those of the suppressed failures.
  List<String> messages() {
    List<String> messages = new ArrayList<>();
    messages.add(String.valueOf(getMessage()));
    if (getCause() != null) {
      for (Throwable besides : getCause().getSuppressed()) {
        messages.add(String.valueOf(besides.getMessage()));
      }
    }
    return List.copyOf(messages);
  }
}
