package dev.podbond.value;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// IP addresses as text: IPv4 in four decimal parts, IPv6 as RFC 5952 recommends and Go prints.
public final class IpText {

  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
  private static final int GROUPS = 8;

  /// A single zero group is not shortened (RFC 5952 section 4.2.2).
  private static final int SHORTEST_RUN = 2;

  private IpText() {}

  /// Reads an address without a zone. Never asks a name service.
  public static Optional<InetAddress> parse(String text) {
    if (!IPV4.matcher(text).matches() && !IPV6_CHARACTERS.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
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
