package dev.podbond.value;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/// IP addresses as text: IPv4 in four decimal parts, IPv6 as RFC 5952 recommends and Go prints.
public final class IpText {
  private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final int IPV4_OCTETS = 4;
  private static final int MAX_OCTET = 255;
  private static final int GROUPS = 8;

  /// A single zero group is not shortened (RFC 5952 section 4.2.2).
  private static final int SHORTEST_RUN = 2;

  private IpText() {}

  /// Reads an address without a zone. Never asks a name service.
  public static Optional<InetAddress> parse(String text) {
    Optional<InetAddress> ipv4 = parseIpv4(text);
    if (ipv4.isPresent() || !IPV6_CHARACTERS.matcher(text).matches()) {
      return ipv4;
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// Four decimal parts without leading zeros. No pattern reads them: an attachment may have
  /// thousands of routes.
  private static Optional<InetAddress> parseIpv4(String text) {
    byte[] octets = new byte[IPV4_OCTETS];
    int octet = 0;
    int value = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' && value >= 0 && octet < IPV4_OCTETS - 1) {
        octets[octet++] = (byte) value;
        value = -1;
      } else if (c >= '0' && c <= '9' && value != 0) {
        value = Math.max(value, 0) * 10 + (c - '0');
        if (value > MAX_OCTET) {
          return Optional.empty();
        }
      } else {
        return Optional.empty();
      }
    }
    if (value < 0 || octet < IPV4_OCTETS - 1) {
      return Optional.empty();
    }
    octets[octet] = (byte) value;
    return Optional.of(address(octets));
  }

  /// The address of 4 or 16 octets. Any other number of them is a defect of the caller.
  public static InetAddress address(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 and 16 octets are addresses", e);
    }
  }

  /// The address in its one recommended form.
  public static String format(InetAddress address) {
    if (address instanceof Inet4Address) {
      return address.getHostAddress();
    }
    int[] groups = groups(address.getAddress());
    int zerosAt = 0;
    int zeros = 0;
    int run = 0;
    // From the back, so that of runs as long as each other the first is left out (RFC 5952 section
    // 4.2.3).
    for (int i = GROUPS - 1; i >= 0; i--) {
      run = groups[i] == 0 ? run + 1 : 0;
      if (run >= Math.max(zeros, SHORTEST_RUN)) {
        zerosAt = i;
        zeros = run;
      }
    }
    return zeros == 0
        ? join(groups, 0, GROUPS)
        : join(groups, 0, zerosAt) + "::" + join(groups, zerosAt + zeros, GROUPS);
  }

  private static int[] groups(byte[] bytes) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    return groups;
  }

  private static String join(int[] groups, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
