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

  /// Two colons at least before the one of the port, and no brackets.
  private static final Pattern WITHOUT_BRACKETS =
      Pattern.compile("([0-9a-fA-F]*:[0-9a-fA-F:.]*):([0-9]{1,5})");

  private static final Pattern NEEDLESS_BRACKETS = Pattern.compile("\\[([0-9.]+)](:[0-9]{1,5})");

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

  /// The same for a text that a program composed of an address, a colon and a port, as the chart
  /// does for `$(NODE_IP):9810` without knowing what kind of address that will be. So what follows
  /// the last colon of `2001:db8::1:9810` is the port. Of a text that somebody wrote nobody knows
  /// that, which is why [#parse] takes no such text. Brackets that were meant for the other kind of
  /// address do no harm either.
  public static Optional<ListenAddress> ofComposed(String text) {
    Matcher bare = WITHOUT_BRACKETS.matcher(text);
    Matcher bracketed = NEEDLESS_BRACKETS.matcher(text);
    if (bare.matches()) {
      return parse("[" + bare.group(1) + "]:" + bare.group(2));
    }
    return parse(bracketed.matches() ? bracketed.group(1) + bracketed.group(2) : text);
  }
}
