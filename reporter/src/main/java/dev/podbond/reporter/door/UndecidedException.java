package dev.podbond.reporter.door;

import java.io.Serial;

/// Nobody can say now whether somebody may read metrics.
final class UndecidedException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final String answer;
  private final String reason;

  /// @param answer for whoever asked: of the cluster it tells nothing
  /// @param reason for the log, with what to do; empty if it is in the answer
  UndecidedException(String answer, String reason) {
    super(answer);
    this.answer = answer;
    this.reason = reason;
  }

  String answer() {
    return answer;
  }

  String reason() {
    return reason;
  }
}
