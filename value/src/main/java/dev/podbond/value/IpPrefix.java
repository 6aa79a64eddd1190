package dev.podbond.value;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/// An IP address with its prefix length, such as `10.56.217.3/24`: an interface's address or a
/// route's destination (RFC 4632, RFC 4291 section 2.3).
///
/// @param address the address, host bits kept
/// @param length the prefix length in bits: 0 to 32, or 0 to 128 for IPv6
public record IpPrefix(InetAddress address, int length) {
  private static final int LONGEST_LENGTH_TEXT = 3;

  /// The longest IPv4 prefix with a broadcast address (RFC 3021).
  private static final int LONGEST_WITH_BROADCAST = 30;

  /// Refuses a length that the address family does not have.
  ///
  /// @throws IllegalArgumentException if the length is outside 0 to 32 or 128
  public IpPrefix {
    int most = bits(address);
    if (length < 0 || length > most) {
      throw new IllegalArgumentException(
          "prefix length " + length + " is outside 0 to " + most + " of " + IpText.format(address));
    }
  }

  /// Reads CIDR notation; empty for any other text. Never asks a name service.
  public static Optional<IpPrefix> parse(String text) {
    int slash = text.indexOf('/');
    OptionalInt length = slash < 0 ? OptionalInt.empty() : length(text.substring(slash + 1));
    return length.isEmpty()
        ? Optional.empty()
        : IpText.parse(text.substring(0, slash))
            .filter(address -> length.getAsInt() <= bits(address))
            .map(address -> new IpPrefix(address, length.getAsInt()));
  }

  private static OptionalInt length(String text) {
    boolean isNumber =
        !text.isEmpty()
            && text.length() <= LONGEST_LENGTH_TEXT
            && (text.length() == 1 || text.charAt(0) != '0')
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }

  private static int bits(InetAddress address) {
    return address.getAddress().length * Byte.SIZE;
  }

  /// Whether it is IPv4.
  public boolean isIpv4() {
    return address instanceof Inet4Address;
  }

  /// Whether an address of the same family is in this network.
  public boolean contains(InetAddress other) {
    return bits(other) == bits(address) && network().equals(new IpPrefix(other, length).network());
  }

  /// The same prefix without host bits.
  public IpPrefix network() {
    byte[] octets = address.getAddress();
    for (int bit = length; bit < octets.length * Byte.SIZE; bit++) {
      octets[bit / Byte.SIZE] &= (byte) ~mask(bit);
    }
    return new IpPrefix(IpText.address(octets), length);
  }

  /// The broadcast address of an IPv4 prefix. A /31 and a /32 have none.
  public Optional<InetAddress> broadcast() {
    if (!isIpv4() || length > LONGEST_WITH_BROADCAST) {
      return Optional.empty();
    }
    byte[] octets = address.getAddress();
    for (int bit = length; bit < Integer.SIZE; bit++) {
      octets[bit / Byte.SIZE] |= (byte) mask(bit);
    }
    return Optional.of(IpText.address(octets));
  }

  private static int mask(int bit) {
    return 0x80 >>> bit % Byte.SIZE;
  }

  /// The prefix in CIDR notation, IPv6 in its RFC 5952 form.
  @Override
  public String toString() {
    return IpText.format(address) + "/" + length;
  }
}
