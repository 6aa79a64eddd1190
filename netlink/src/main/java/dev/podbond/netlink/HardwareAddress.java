package dev.podbond.netlink;

import java.util.Arrays;
import java.util.HexFormat;

/// A link-layer address of any length: 6 bytes for Ethernet, 20 for IP over InfiniBand.
public final class HardwareAddress {
  /// `MAX_ADDR_LEN` of the kernel.
  public static final int MAX_LENGTH = 32;

  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

  private final byte[] bytes;

  private HardwareAddress(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a hardware address has 1 to " + MAX_LENGTH + " bytes, not " + bytes.length);
    }
    this.bytes = bytes;
  }

  /// The address of these bytes, which are copied.
  public static HardwareAddress of(byte[] bytes) {
    return new HardwareAddress(bytes.clone());
  }

  /// Reads pairs of hexadecimal digits between colons or, as Windows and IEEE write them, dashes.
  ///
  /// @throws IllegalArgumentException if the text is anything else
  public static HardwareAddress parse(String text) {
    try {
      return new HardwareAddress(COLONS.parseHex(text.replace('-', ':')));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not a hardware address: \"" + text + "\"", e);
    }
  }

  /// A copy of the bytes.
  public byte[] toBytes() {
    return bytes.clone();
  }

  /// The number of bytes.
  public int length() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HardwareAddress that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /// Lower-case pairs between colons, as iproute2 prints them.
  @Override
  public String toString() {
    return COLONS.formatHex(bytes);
  }
}
