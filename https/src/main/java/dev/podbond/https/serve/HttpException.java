package dev.podbond.https.serve;

import java.io.Serial;

/// A refused request.
public final class HttpException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final int status;

  /// The answer to the client.
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
