package dev.podbond.node.frame;

import java.net.Inet6Address;
import java.nio.ByteBuffer;

/// An ICMPv6 message of neighbor discovery (RFC 4861 section 4) in its IPv6 packet, without
/// extension headers.
///
/// ```
///  0      4       6  7       8        24       40     41    42
///  | 6... | length|58| 255   | source | dest.  | type | 0   | checksum | body
/// ```
public final class Icmpv6Packet {
  /// The type of a neighbor solicitation.
  public static final int NEIGHBOR_SOLICITATION = 135;

  /// The type of a neighbor advertisement.
  public static final int NEIGHBOR_ADVERTISEMENT = 136;

  /// What receivers demand: they drop anything that was forwarded (RFC 4861 section 7.1).
  public static final int HOP_LIMIT = 255;

  /// The next header of IPv6 that is ICMPv6.
  public static final int NEXT_HEADER = 58;

  /// How many octets come before the message.
  public static final int IPV6_HEADER_BYTES = 40;

  private static final int VERSION = 6;
  private static final int ICMP_HEADER_BYTES = 4;
  private static final int CHECKSUM_OFFSET = 2;

  private Icmpv6Packet() {}

  /// The packet with its checksum.
  ///
  /// @param body what follows type, code and checksum
  public static byte[] of(Inet6Address source, Inet6Address destination, int type, byte[] body) {
    byte[] from = source.getAddress();
    byte[] to = destination.getAddress();
    byte[] message =
        ByteBuffer.allocate(ICMP_HEADER_BYTES + body.length)
            .put((byte) type)
            .put((byte) 0)
            .putShort((short) 0)
            .put(body)
            .array();
    ByteBuffer.wrap(message).putShort(CHECKSUM_OFFSET, checksum(from, to, message));
    return ByteBuffer.allocate(IPV6_HEADER_BYTES + message.length)
        .putInt(VERSION << 28)
        .putShort((short) message.length)
        .put((byte) NEXT_HEADER)
        .put((byte) HOP_LIMIT)
        .put(from)
        .put(to)
        .put(message)
        .array();
  }

  /// The Internet checksum over the pseudo-header of RFC 8200 section 8.1 and the message.
  private static short checksum(byte[] source, byte[] destination, byte[] message) {
    ByteBuffer words =
        ByteBuffer.allocate(source.length + destination.length + 8 + message.length)
            .put(source)
            .put(destination)
            .putInt(message.length)
            .putInt(NEXT_HEADER)
            .put(message)
            .flip();
    int sum = 0;
    while (words.hasRemaining()) {
      sum += Short.toUnsignedInt(words.getShort());
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (short) ~sum;
  }
}
