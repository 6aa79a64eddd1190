package dev.podbond.operator.serve;

import java.nio.charset.StandardCharsets;

/// The answer to a request.
///
/// @param status as 200
/// @param type of the text, as `application/json`
public record Answer(int status, String type, String text) {
  /// A text for people.
  public static Answer plain(int status, String text) {
    return new Answer(status, "text/plain", text);
  }

  byte[] bytes(boolean last) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        ("HTTP/1.1 "
                + status
                + " \r\nContent-Type: "
                + type
                + "\r\nContent-Length: "
                + body.length
                + (last ? "\r\nConnection: close" : "")
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }
}
