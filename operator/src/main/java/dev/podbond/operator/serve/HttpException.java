package dev.podbond.operator.serve;

import java.io.Serial;

/// A request that is not taken.
public final class HttpException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final int status;

  /// What the client is told.
  ///
  /// @param status of the answer, 400 to 599
  /// @param message the text of the answer
  public HttpException(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
