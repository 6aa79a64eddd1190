package dev.podbond.node.announce;

import dev.podbond.node.frame.EthernetHeader;
import dev.podbond.node.frame.Icmpv6Packet;
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
  private static final Inet6Address ALL_NODES = (Inet6Address) InetAddress.ofLiteral("ff02::1");
  private static final MacAddress ALL_NODES_MAC = new MacAddress(0x3333_0000_0001L);
  private static final int BODY_BYTES = 28;
  private static final int FLAG_OVERRIDE = 0x2000_0000;
  private static final int OPTION_TARGET_LINK_LAYER_ADDRESS = 2;

  private UnsolicitedNa() {}

  /// The advertisement to all nodes of the link that `address` is at `mac`.
  public static byte[] frame(MacAddress mac, Inet6Address address) {
    byte[] packet =
        Icmpv6Packet.of(
            address, ALL_NODES, Icmpv6Packet.NEIGHBOR_ADVERTISEMENT, body(mac, address));
    return ByteBuffer.allocate(EthernetHeader.BYTES + packet.length)
        .put(EthernetHeader.of(ALL_NODES_MAC, mac, EthernetHeader.TYPE_IPV6))
        .put(packet)
        .array();
  }

  private static byte[] body(MacAddress mac, Inet6Address target) {
    return ByteBuffer.allocate(BODY_BYTES)
        .putInt(FLAG_OVERRIDE)
        .put(target.getAddress())
        .put((byte) OPTION_TARGET_LINK_LAYER_ADDRESS)
        .put((byte) 1) // in units of 8 octets
        .put(mac.octets())
        .array();
  }
}
