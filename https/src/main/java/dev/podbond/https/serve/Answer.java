package dev.podbond.https.serve;

import java.nio.charset.StandardCharsets;

/// The answer to a request.
public final class Answer {
  private static final int UNAUTHORIZED = 401;
  private static final int FIRST_REFUSAL = 400;

  private final int status;
  private final String type;
  private final byte[] body;
  private final Runnable whenSent;

  private Answer(int status, String type, byte[] body, Runnable whenSent) {
    this.status = status;
    this.type = type;
    this.body = body;
    this.whenSent = whenSent;
  }

  /// A text.
  ///
  /// @param status as 200
  /// @param type of the text, as `application/json`
  public static Answer of(int status, String type, String text) {
    return of(status, type, text.getBytes(StandardCharsets.UTF_8));
  }

  /// A text that is encoded already. The bytes are not copied.
  public static Answer of(int status, String type, byte[] text) {
    return new Answer(status, type, text, () -> {});
  }

  /// A text for people.
  public static Answer plain(int status, String text) {
    return of(status, "text/plain; charset=utf-8", text);
  }

  /// The same, with a step for when it is sent, or cannot be.
  public Answer whenSent(Runnable step) {
    return new Answer(status, type, body, step);
  }

  /// Whether the client asked for something that he gets.
  boolean isGood() {
    return status < FIRST_REFUSAL;
  }

  void sent() {
    whenSent.run();
  }

  /// What comes before the body. Who is not known is told how to say who he is (RFC 9110, section
  /// 15.5.2).
  byte[] head(boolean last) {
    return ("HTTP/1.1 "
            + status
            + " \r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length
            + (status == UNAUTHORIZED ? "\r\nWWW-Authenticate: Bearer" : "")
            + (last ? "\r\nConnection: close" : "")
            + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  byte[] body() {
    return body;
  }
}
