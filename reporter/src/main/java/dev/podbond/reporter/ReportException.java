package dev.podbond.reporter;

import java.io.Serial;

/// The API server does not take or tell a node's state. The message says why, and what to do.
final class ReportException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  ReportException(String message) {
    super(message);
  }
}
