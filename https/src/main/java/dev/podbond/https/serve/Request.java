package dev.podbond.https.serve;

import java.util.Arrays;
import java.util.Optional;

/// A complete request.
public final class Request {
  private final RequestHead head;
  private final byte[] body;

  Request(RequestHead head, byte[] body) {
    this.head = head;
    this.body = body;
  }

  /// The method, as `POST`.
  public String method() {
    return head.method();
  }

  /// The path without the query.
  public String path() {
    return head.path();
  }

  /// The bytes of the body, not a copy.
  public byte[] body() {
    return body;
  }

  /// A parameter of the query, undecoded.
  public Optional<String> parameter(String name) {
    return Arrays.stream(head.query().split("&", -1))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> pair.substring(name.length() + 1))
        .findFirst();
  }

  /// The value of the header Authorization. If it came more than once these are behind one another,
  /// with a comma between.
  public Optional<String> authorization() {
    return head.authorization();
  }

  @Override
  public String toString() {
    return head.method() + " " + head.path();
  }
}
