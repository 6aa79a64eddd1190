package dev.podbond.https.serve;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The head of a request (RFC 9112), read strictly.
///
/// @param bodyBytes the length of its body
/// @param lasts whether the connection stays open after it
/// @param awaitsConsent whether the client waits for permission to send the body
/// @param authorization who the client says he is
record RequestHead(
    String method,
    String path,
    String query,
    long bodyBytes,
    boolean lasts,
    boolean awaitsConsent,
    Optional<String> authorization) {
  private static final int MAX_BYTES = 16 << 10;
  private static final String NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final String LENGTH = "[0-9]{1,18}";

  /// @param first the first byte, which has been read already
  static RequestHead read(int first, InputStream in) throws IOException, HttpException {
    String[] lines = lines(first, in);
    String[] start = lines[0].split(" ", -1);
    if (start.length != 3 || !start[0].matches(NAME) || !start[2].matches("HTTP/1\\.[01]")) {
      throw new HttpException(400, "this is not HTTP/1.1");
    }
    Map<String, String> fields = new HashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 1 || !lines[i].substring(0, colon).matches(NAME)) {
        throw new HttpException(400, "a header line is not of the form name: value");
      }
      String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      fields.merge(name, lines[i].substring(colon + 1).strip(), (one, two) -> one + "," + two);
    }
    if (fields.containsKey("transfer-encoding")) {
      throw new HttpException(411, "a body has to come with its Content-Length");
    }
    int mark = start[1].indexOf('?');
    String connection = fields.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    return new RequestHead(
        start[0],
        mark < 0 ? start[1] : start[1].substring(0, mark),
        mark < 0 ? "" : start[1].substring(mark + 1),
        length(Optional.ofNullable(fields.get("content-length"))),
        start[2].equals("HTTP/1.1") && !connection.contains("close"),
        fields.getOrDefault("expect", "").equalsIgnoreCase("100-continue"),
        Optional.ofNullable(fields.get("authorization")));
  }

  private static long length(Optional<String> text) throws HttpException {
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.get().matches(LENGTH)) {
      throw new HttpException(400, "Content-Length is not a length");
    }
    return Long.parseLong(text.get());
  }

  private static String[] lines(int first, InputStream in) throws IOException, HttpException {
    StringBuilder head = new StringBuilder();
    int next = first;
    while (true) {
      if (next < 0) {
        throw new EOFException();
      }
      head.append((char) next);
      int length = head.length();
      if (length >= 4 && next == '\n' && head.indexOf("\r\n\r\n", length - 4) >= 0) {
        return head.substring(0, length - 4).split("\r\n", -1);
      }
      if (length >= MAX_BYTES) {
        throw new HttpException(431, "the head of a request may have " + MAX_BYTES + " bytes");
      }
      next = in.read();
    }
  }

  static byte[] consent() {
    return "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  }
}
