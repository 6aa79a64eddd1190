package dev.podbond.node.announce;

import dev.podbond.value.MacAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/// The unsolicited neighbor advertisement (RFC 4861 section 7.2.6) as a whole Ethernet frame.
///
/// ```
///  0            14         54                                              86
///  | Ethernet   | IPv6     | 88 00 csum | 20000000 | target  | 02 01 | MAC |
///  | 33:33:..:01| to ff02::1, hop limit 255 | override set   | option      |
/// ```
///
/// The source is the announced address itself, so source and target agree.
public final class UnsolicitedNa {
  private static final byte[] ALL_NODES = InetAddress.ofLiteral("ff02::1").getAddress();
  private static final MacAddress ALL_NODES_MAC = new MacAddress(0x3333_0000_0001L);
  private static final int IPV6_HEADER_BYTES = 40;
  private static final int NA_BYTES = 32;
  private static final int NEXT_HEADER_ICMPV6 = 58;
  private static final int TYPE_NEIGHBOR_ADVERTISEMENT = 136;
  private static final int FLAG_OVERRIDE = 0x2000_0000;
  private static final int OPTION_TARGET_LINK_LAYER_ADDRESS = 2;
  private static final int CHECKSUM_OFFSET = 2;

  private UnsolicitedNa() {}

  /// The advertisement to all nodes of the link that `address` is at `mac`.
  public static byte[] frame(MacAddress mac, Inet6Address address) {
    byte[] source = address.getAddress();
    byte[] advertisement = advertisement(mac, source);
    ByteBuffer.wrap(advertisement)
        .putShort(CHECKSUM_OFFSET, checksum(source, ALL_NODES, advertisement));
    return ByteBuffer.allocate(EthernetHeader.BYTES + IPV6_HEADER_BYTES + NA_BYTES)
        .put(EthernetHeader.of(ALL_NODES_MAC, mac, EthernetHeader.TYPE_IPV6))
        .putInt(6 << 28)
        .putShort((short) NA_BYTES)
        .put((byte) NEXT_HEADER_ICMPV6)
        .put((byte) 255) // receivers drop anything that was forwarded (section 7.1.2)
        .put(source)
        .put(ALL_NODES)
        .put(advertisement)
        .array();
  }

  private static byte[] advertisement(MacAddress mac, byte[] target) {
    return ByteBuffer.allocate(NA_BYTES)
        .put((byte) TYPE_NEIGHBOR_ADVERTISEMENT)
        .put((byte) 0)
        .putShort((short) 0)
        .putInt(FLAG_OVERRIDE)
        .put(target)
        .put((byte) OPTION_TARGET_LINK_LAYER_ADDRESS)
        .put((byte) 1) // in units of 8 octets
        .put(mac.octets())
        .array();
  }

  /// The Internet checksum over the pseudo-header of RFC 8200 section 8.1 and the message.
  private static short checksum(byte[] source, byte[] destination, byte[] message) {
    ByteBuffer words =
        ByteBuffer.allocate(source.length + destination.length + 8 + message.length)
            .put(source)
            .put(destination)
            .putInt(message.length)
            .putInt(NEXT_HEADER_ICMPV6)
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
