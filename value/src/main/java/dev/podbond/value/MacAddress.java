package dev.podbond.value;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// A 48-bit IEEE 802 MAC address.
///
/// @param bits the address, first octet in bits 47 to 40; the upper 16 bits are zero
public record MacAddress(long bits) {
  /// `00:00:00:00:00:00`: what a PF shows for a VF without an administrative MAC.
  public static final MacAddress ZERO = new MacAddress(0);

  private static final int OCTETS = 6;
  private static final long MAX = (1L << 48) - 1;
  private static final Pattern TEXT =
      Pattern.compile("\\p{XDigit}{2}(:\\p{XDigit}{2}){5}|\\p{XDigit}{2}(-\\p{XDigit}{2}){5}");

  public MacAddress {
    if (bits < 0 || bits > MAX) {
      throw new IllegalArgumentException("not a 48-bit MAC address: " + Long.toHexString(bits));
    }
  }

  /// The address written as six hexadecimal octets between colons or hyphens; empty for any other
  /// text.
  public static Optional<MacAddress> parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new MacAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "").replace("-", ""))));
  }

  /// The address in six octets as the kernel passes it.
  ///
  /// @throws IllegalArgumentException if there are not exactly six
  public static MacAddress of(byte[] octets) {
    if (octets.length != OCTETS) {
      throw new IllegalArgumentException("a MAC address has 6 octets, not " + octets.length);
    }
    long bits = 0;
    for (byte octet : octets) {
      bits = (bits << 8) | Byte.toUnsignedLong(octet);
    }
    return new MacAddress(bits);
  }

  /// The six octets in transmission order.
  public byte[] octets() {
    byte[] octets = new byte[OCTETS];
    for (int i = 0; i < OCTETS; i++) {
      octets[i] = (byte) (bits >>> (40 - 8 * i));
    }
    return octets;
  }

  /// Whether the kernel accepts it as an interface's own address: neither zero nor a group address
  /// (`is_valid_ether_addr` in include/linux/etherdevice.h).
  public boolean isUnicast() {
    return bits != 0 && (bits >>> 40 & 1) == 0;
  }

  public boolean isZero() {
    return bits == 0;
  }

  @Override
  public String toString() {
    return HexFormat.ofDelimiter(":").formatHex(octets());
  }
}
