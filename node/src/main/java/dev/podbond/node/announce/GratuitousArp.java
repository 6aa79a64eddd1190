package dev.podbond.node.announce;

import dev.podbond.node.frame.EthernetHeader;
import dev.podbond.value.MacAddress;
import java.net.Inet4Address;
import java.nio.ByteBuffer;

/// Gratuitous ARP as whole Ethernet frames, without padding (the driver pads).
///
/// ```
///  0        6        12     14                      42
///  | dst    | src    | 0806 | ARP packet (RFC 826)  |
///
///  14     16     18  19  20     22       28       32       38       42
///  | htype| ptype|hln|pln| op   | sha    | spa    | tha    | tpa    |
/// ```
///
/// Sender and target protocol address are both the announced one.
public final class GratuitousArp {
  private static final int FRAME_BYTES = 42;
  private static final int OP_REQUEST = 1;
  private static final int OP_REPLY = 2;

  private GratuitousArp() {}

  /// An ARP announcement (RFC 5227 section 2.3): a broadcast request for the sender's own address.
  /// It refreshes entries that neighbours already have.
  public static byte[] request(MacAddress mac, Inet4Address address) {
    return frame(mac, address, OP_REQUEST, MacAddress.ZERO);
  }

  /// An unsolicited broadcast reply (RFC 5944 section 4.6): some switches and firewalls learn only
  /// from replies.
  public static byte[] reply(MacAddress mac, Inet4Address address) {
    return frame(mac, address, OP_REPLY, mac);
  }

  private static byte[] frame(
      MacAddress mac, Inet4Address address, int operation, MacAddress target) {
    return ByteBuffer.allocate(FRAME_BYTES)
        .put(EthernetHeader.of(EthernetHeader.BROADCAST, mac, EthernetHeader.TYPE_ARP))
        .putShort((short) 1) // hardware type: Ethernet
        .putShort((short) EthernetHeader.TYPE_IPV4)
        .put((byte) 6)
        .put((byte) 4)
        .putShort((short) operation)
        .put(mac.octets())
        .put(address.getAddress())
        .put(target.octets())
        .put(address.getAddress())
        .array();
  }
}
