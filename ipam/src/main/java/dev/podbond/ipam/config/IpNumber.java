package dev.podbond.ipam.config;

import dev.podbond.value.IpText;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;

/// An address as a number of its family, to count with.
///
/// @param ipv4 its family
/// @param value the address's bits
public record IpNumber(boolean ipv4, BigInteger value) implements Comparable<IpNumber> {
  private static final Comparator<IpNumber> ORDER =
      Comparator.comparing(IpNumber::ipv4).thenComparing(IpNumber::value);

  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  /// The number of an address.
  public static IpNumber of(InetAddress address) {
    return new IpNumber(address instanceof Inet4Address, new BigInteger(1, address.getAddress()));
  }

  /// The address that many places further on.
  public IpNumber plus(long places) {
    return new IpNumber(ipv4, value.add(BigInteger.valueOf(places)));
  }

  /// The address.
  public InetAddress address() {
    byte[] octets = new byte[ipv4 ? IPV4_BYTES : IPV6_BYTES];
    byte[] digits = value.toByteArray();
    int count = Math.min(octets.length, digits.length);
    System.arraycopy(digits, digits.length - count, octets, octets.length - count, count);
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 and 16 octets are addresses", e);
    }
  }

  /// By number; IPv6 comes first.
  @Override
  public int compareTo(IpNumber other) {
    return ORDER.compare(this, other);
  }

  /// The address in its one recommended form, as Go prints it too.
  @Override
  public String toString() {
    return IpText.format(address());
  }
}
