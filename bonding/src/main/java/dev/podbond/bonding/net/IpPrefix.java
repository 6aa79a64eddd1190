package dev.podbond.bonding.net;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/// An IP address with its prefix length, as `10.56.217.3/24`: an interface's address or a route's
/// destination.
///
/// @param address the address, host bits kept
/// @param length the prefix length in bits: 0 to 32, or 0 to 128 for IPv6
public record IpPrefix(InetAddress address, int length) {
  public IpPrefix {
    if (length < 0 || length > address.getAddress().length * 8) {
      throw new IllegalArgumentException("prefix length " + length + " does not fit " + address);
    }
  }

  /// The prefix in CIDR notation; empty if `text` is none. No name is ever looked up.
  public static Optional<IpPrefix> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,3}")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new IpPrefix(
              InetAddress.ofLiteral(text.substring(0, slash)),
              Integer.parseInt(text.substring(slash + 1))));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// Whether an address of the same family is in this network.
  public boolean contains(InetAddress other) {
    byte[] ours = address.getAddress();
    byte[] theirs = other.getAddress();
    return ours.length == theirs.length
        && new BigInteger(1, ours)
            .xor(new BigInteger(1, theirs))
            .shiftRight(ours.length * 8 - length)
            .equals(BigInteger.ZERO);
  }

  public boolean isIpv4() {
    return address instanceof Inet4Address;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + length;
  }
}
