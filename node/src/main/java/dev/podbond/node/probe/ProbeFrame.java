package dev.podbond.node.probe;

import dev.podbond.node.frame.EthernetHeader;
import dev.podbond.node.frame.Icmpv6Packet;
import dev.podbond.value.MacAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalInt;

/// A question for one host, as a whole Ethernet frame without padding (the driver pads). With a
/// VLAN the frame has an 802.1Q tag behind its MACs.
///
/// IPv4 is asked by an ARP probe (RFC 5227 section 2.1.1): the sender's IP address is 0.0.0.0. A
/// host answers it as any request, to the sender's MAC, and learns nothing from it. So the PF needs
/// no address, and nobody's ARP cache is touched. The kernel's bonding asks in this way too where
/// it has no route (`bond_arp_send_all`).
///
/// IPv6 is asked by a neighbor solicitation from the link-local address that belongs to the MAC,
/// with the MAC as its source link-layer address, so that the answer comes to this MAC. The
/// unspecified address as source would mean duplicate address detection, and the answer would go to
/// all nodes (RFC 4861 section 7.2.4): a PF on which nobody uses IPv6 does not receive that group.
public final class ProbeFrame {
  private static final String NEITHER_FAMILY = "an address of neither family: ";
  private static final int ARP_BYTES = 28;
  private static final int ARP_REQUEST = 1;
  private static final int TYPE_DOT1Q = 0x8100;
  private static final int TAG_BYTES = 4;
  private static final int MACS_BYTES = 12;
  private static final Inet4Address NOBODY = (Inet4Address) InetAddress.ofLiteral("0.0.0.0");
  private static final int SOLICITATION_BODY_BYTES = 28;
  private static final int OPTION_SOURCE_LINK_LAYER_ADDRESS = 1;

  /// `ff02::1:ff00:0` with the lower 24 bits of the address (RFC 4291 section 2.7.1).
  private static final byte[] SOLICITED_NODE = InetAddress.ofLiteral("ff02::1:ff00:0").getAddress();

  private static final int SOLICITED_NODE_KNOWN = 13;

  /// IPv6 multicast over Ethernet: 33:33 and the lower 32 bits (RFC 2464 section 7).
  private static final long MULTICAST_MAC = 0x3333_0000_0000L;

  private ProbeFrame() {}

  /// The question to everybody whether `target` is there.
  ///
  /// @param mac the asking interface's own
  public static byte[] of(MacAddress mac, OptionalInt vlan, InetAddress target) {
    return tagged(
        vlan,
        switch (target) {
          case Inet4Address ipv4 -> arp(mac, EthernetHeader.BROADCAST, ipv4);
          case Inet6Address ipv6 -> solicitation(mac, ipv6);
          default -> throw new AssertionError(NEITHER_FAMILY + target);
        });
  }

  /// The question to one host whether it still is `target`: with IPv4 as to everybody, with IPv6 to
  /// the address itself, as a kernel asks that looks whether a neighbor is still reachable (RFC
  /// 4861 section 7.3.3).
  ///
  /// @param mac the asking interface's own
  /// @param host the MAC of that one
  public static byte[] of(MacAddress mac, OptionalInt vlan, InetAddress target, MacAddress host) {
    return tagged(
        vlan,
        switch (target) {
          case Inet4Address ipv4 -> arp(mac, host, ipv4);
          case Inet6Address ipv6 -> solicitation(mac, ipv6, host, ipv6);
          default -> throw new AssertionError(NEITHER_FAMILY + target);
        });
  }

  private static byte[] tagged(OptionalInt vlan, byte[] frame) {
    return vlan.isEmpty()
        ? frame
        : ByteBuffer.allocate(frame.length + TAG_BYTES)
            .put(frame, 0, MACS_BYTES)
            .putShort((short) TYPE_DOT1Q)
            .putShort((short) vlan.getAsInt())
            .put(frame, MACS_BYTES, frame.length - MACS_BYTES)
            .array();
  }

  private static byte[] arp(MacAddress mac, MacAddress to, Inet4Address target) {
    return ByteBuffer.allocate(EthernetHeader.BYTES + ARP_BYTES)
        .put(EthernetHeader.of(to, mac, EthernetHeader.TYPE_ARP))
        .putShort((short) 1) // hardware type: Ethernet
        .putShort((short) EthernetHeader.TYPE_IPV4)
        .put((byte) 6)
        .put((byte) 4)
        .putShort((short) ARP_REQUEST)
        .put(mac.octets())
        .put(NOBODY.getAddress())
        .put(MacAddress.ZERO.octets())
        .put(target.getAddress())
        .array();
  }

  private static byte[] solicitation(MacAddress mac, Inet6Address target) {
    byte[] group = SOLICITED_NODE.clone();
    System.arraycopy(
        target.getAddress(),
        SOLICITED_NODE_KNOWN,
        group,
        SOLICITED_NODE_KNOWN,
        group.length - SOLICITED_NODE_KNOWN);
    long last = ByteBuffer.wrap(group).getInt(group.length - Integer.BYTES) & 0xffff_ffffL;
    return solicitation(mac, target, new MacAddress(MULTICAST_MAC | last), ipv6(group));
  }

  private static byte[] solicitation(
      MacAddress mac, Inet6Address target, MacAddress to, Inet6Address destination) {
    byte[] body =
        ByteBuffer.allocate(SOLICITATION_BODY_BYTES)
            .putInt(0)
            .put(target.getAddress())
            .put((byte) OPTION_SOURCE_LINK_LAYER_ADDRESS)
            .put((byte) 1) // in units of 8 octets
            .put(mac.octets())
            .array();
    byte[] packet =
        Icmpv6Packet.of(linkLocal(mac), destination, Icmpv6Packet.NEIGHBOR_SOLICITATION, body);
    return ByteBuffer.allocate(EthernetHeader.BYTES + packet.length)
        .put(EthernetHeader.of(to, mac, EthernetHeader.TYPE_IPV6))
        .put(packet)
        .array();
  }

  /// The address that an interface with this MAC has by RFC 4291, appendix A.
  static Inet6Address linkLocal(MacAddress mac) {
    byte[] octets = mac.octets();
    return ipv6(
        ByteBuffer.allocate(16)
            .putShort((short) 0xfe80)
            .putShort((short) 0)
            .putInt(0)
            .put((byte) (octets[0] ^ 2))
            .put(Arrays.copyOfRange(octets, 1, 3))
            .putShort((short) 0xfffe)
            .put(Arrays.copyOfRange(octets, 3, 6))
            .array());
  }

  /// Never an IPv4 address, as [InetAddress#getByAddress(byte\[\])] makes of a mapped one.
  static Inet6Address ipv6(byte[] octets) {
    try {
      return Inet6Address.getByAddress(null, octets, -1);
    } catch (UnknownHostException e) {
      throw new AssertionError("an IPv6 address has 16 octets", e);
    }
  }
}
