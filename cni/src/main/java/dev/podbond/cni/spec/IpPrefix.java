package dev.podbond.cni.spec;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// An IP address with the length of its network part, as in `10.56.217.5/24`.
///
/// @param address the address, host bits included
/// @param length bits of the network part
public record IpPrefix(InetAddress address, int length) {

  private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");

  /// Refuses a length that the address family does not have.
  ///
  /// @throws IllegalArgumentException if the length is outside 0 to 32 or 128
  public IpPrefix {
    int most = address.getAddress().length * Byte.SIZE;
    if (length < 0 || length > most) {
      throw new IllegalArgumentException(
          "prefix length " + length + " is outside 0 to " + most + " of " + IpText.format(address));
    }
  }

  /// Reads CIDR notation. Never asks a name service.
  public static Optional<IpPrefix> parse(String cidr) {
    int slash = cidr.indexOf('/');
    if (slash < 0 || !LENGTH.matcher(cidr.substring(slash + 1)).matches()) {
      return Optional.empty();
    }
    int length = Integer.parseInt(cidr.substring(slash + 1));
    return IpText.parse(cidr.substring(0, slash))
        .filter(address -> length <= address.getAddress().length * Byte.SIZE)
        .map(address -> new IpPrefix(address, length));
  }

  /// True for IPv4.
  public boolean isIpv4() {
    return address instanceof Inet4Address;
  }

  /// The prefix in CIDR notation, IPv6 in its RFC 5952 form.
  @Override
  public String toString() {
    return IpText.format(address) + "/" + length;
  }
}
