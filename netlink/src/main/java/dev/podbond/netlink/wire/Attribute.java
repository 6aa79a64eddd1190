package dev.podbond.netlink.wire;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// One attribute: `struct nlattr` (in older rtnetlink code `struct rtattr`) and its value.
///
/// ```
///  +---------------+---------------+
///  | length        | type and bits |
///  +---------------+---------------+
///  | value, padded to four bytes   |
/// ```
///
/// The accessors check the length, so that they never read a number from a value of another size.
///
/// @param type the type without the bits `NLA_F_NESTED` and `NLA_F_NET_BYTEORDER`
/// @param value the value without padding
public record Attribute(int type, Payload value) {
  /// The length of `struct nlattr`.
  public static final int HEADER_LENGTH = 4;

  /// The bit that marks a value as a list of attributes.
  public static final int NESTED = 0x8000;

  /// The 14 bits of the type itself, `NLA_TYPE_MASK`.
  public static final int TYPE_MASK = 0x3fff;

  private static final int IPV6_LENGTH = 16;
  private static final int NO_SCOPE = -1;

  /// The value as an unsigned byte.
  public int u8() throws MalformedMessage {
    return sized(Byte.BYTES).u8(0);
  }

  /// The value as an unsigned 16-bit number.
  public int u16() throws MalformedMessage {
    return sized(Short.BYTES).u16(0);
  }

  /// The value as an unsigned 16-bit number in network byte order.
  public int be16() throws MalformedMessage {
    return sized(Short.BYTES).be16(0);
  }

  /// The value as a signed 32-bit number.
  public int s32() throws MalformedMessage {
    return sized(Integer.BYTES).s32(0);
  }

  /// The value as an unsigned 32-bit number.
  public long u32() throws MalformedMessage {
    return sized(Integer.BYTES).u32(0);
  }

  /// The value as text up to the first NUL ([KernelText]).
  public String string() {
    byte[] bytes = value.toBytes();
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return KernelText.decode(bytes, end);
  }

  /// The value as an IPv4 or IPv6 address; its length tells which.
  ///
  /// An IPv4-mapped IPv6 address stays an IPv6 address, unlike with [InetAddress#getByAddress].
  public InetAddress inetAddress() throws MalformedMessage {
    byte[] bytes = value.toBytes();
    try {
      return bytes.length == IPV6_LENGTH
          ? Inet6Address.getByAddress(null, bytes, NO_SCOPE)
          : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new MalformedMessage(
          "attribute %d is an IP address of %d bytes".formatted(type, bytes.length));
    }
  }

  /// A copy of the value.
  public byte[] bytes() {
    return value.toBytes();
  }

  /// The value as a list of attributes.
  public Attributes nested() throws MalformedMessage {
    return value.attributes(0);
  }

  private Payload sized(int length) throws MalformedMessage {
    if (value.length() != length) {
      throw new MalformedMessage(
          "attribute %d has %d bytes instead of %d".formatted(type, value.length(), length));
    }
    return value;
  }
}
