package dev.podbond.value;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where metrics are served over HTTP.
///
/// @param address an address and a port of this node
public record ListenAddress(InetSocketAddress address) {
  private static final Pattern TEXT =
      Pattern.compile(
          "(?:\\[([0-9a-fA-F]*:[0-9a-fA-F:.]{1,40})]|((?:[0-9]{1,3}\\.){3}[0-9]{1,3})):([0-9]{1,5})");

  private static final int MAX_PORT = 0xffff;

  /// The address in `192.0.2.1:9808` or `[2001:db8::1]:9808`, with 0.0.0.0 or [::] for all of the
  /// node's; empty for any other text. No name is looked up.
  public static Optional<ListenAddress> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int port = Integer.parseInt(matcher.group(3));
    String literal = Optional.ofNullable(matcher.group(1)).orElseGet(() -> matcher.group(2));
    try {
      return port < 1 || port > MAX_PORT
          ? Optional.empty()
          : Optional.of(
              new ListenAddress(new InetSocketAddress(InetAddress.ofLiteral(literal), port)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
