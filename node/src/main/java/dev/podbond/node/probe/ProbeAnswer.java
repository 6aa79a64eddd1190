package dev.podbond.node.probe;

import dev.podbond.node.frame.EthernetHeader;
import dev.podbond.node.frame.Icmpv6Packet;
import dev.podbond.value.MacAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// Who tells of its own address in a frame: the sender of an ARP reply, or the target of a neighbor
/// advertisement. Anybody on the wire may have sent it. Whether it was asked is for the caller to
/// know.
///
/// A frame has no tag by the time it is read here: the kernel takes it out before packet sockets
/// see the frame (`skb_vlan_untag`). An advertisement's checksum is not looked at, since its
/// options may be cut off, and it says nothing of who has sent it.
///
/// @param host the address that the sender says it has
/// @param mac where it can be asked again: what an ARP reply names, since routers that stand in for
///   each other have a MAC for their address (RFC 5798 section 7.3), and the sender of an
///   advertisement. Nothing says that it is an interface's own
public record ProbeAnswer(InetAddress host, MacAddress mac) {
  /// How many octets of a frame are looked at.
  public static final int MOST_OCTETS = 128;

  static final int ARP_OPERATION = EthernetHeader.BYTES + 6;
  static final int ARP_SENDER_MAC = EthernetHeader.BYTES + 8;
  static final int ARP_SENDER = EthernetHeader.BYTES + 14;
  static final int ARP_REPLY = 2;
  static final int IPV6_NEXT_HEADER = EthernetHeader.BYTES + 6;
  static final int ICMP_TYPE = EthernetHeader.BYTES + Icmpv6Packet.IPV6_HEADER_BYTES;
  static final int ADVERTISED = ICMP_TYPE + 8;

  /// Hardware type Ethernet, protocol IPv4, and the lengths of their addresses.
  private static final long ARP_OF_ETHERNET_AND_IPV4 = 0x0001_0800_0604L;

  private static final int MAC_OCTETS = 6;
  private static final int FRAME_SENDER = MAC_OCTETS;
  private static final int ARP_END = EthernetHeader.BYTES + 28;
  private static final int HOP_LIMIT = EthernetHeader.BYTES + 7;
  private static final int IPV4_OCTETS = 4;
  private static final int IPV6_OCTETS = 16;

  /// What this frame answers; empty if it is no answer, or not whole.
  public static Optional<ProbeAnswer> from(byte[] frame) {
    ByteBuffer octets = ByteBuffer.wrap(frame);
    if (isArpReply(octets)) {
      return Optional.of(answer(frame, ARP_SENDER, IPV4_OCTETS, ARP_SENDER_MAC));
    }
    return isAdvertisement(octets)
        ? Optional.of(answer(frame, ADVERTISED, IPV6_OCTETS, FRAME_SENDER))
        : Optional.empty();
  }

  private static boolean isArpReply(ByteBuffer frame) {
    return frame.limit() >= ARP_END
        && u16(frame, EthernetHeader.BYTES - 2) == EthernetHeader.TYPE_ARP
        && frame.getLong(EthernetHeader.BYTES) >>> 16 == ARP_OF_ETHERNET_AND_IPV4
        && u16(frame, ARP_OPERATION) == ARP_REPLY;
  }

  private static boolean isAdvertisement(ByteBuffer frame) {
    return frame.limit() >= ADVERTISED + IPV6_OCTETS
        && u16(frame, EthernetHeader.BYTES - 2) == EthernetHeader.TYPE_IPV6
        && u8(frame, EthernetHeader.BYTES) >> 4 == 6
        && u8(frame, IPV6_NEXT_HEADER) == Icmpv6Packet.NEXT_HEADER
        && u8(frame, HOP_LIMIT) == Icmpv6Packet.HOP_LIMIT
        && u16(frame, ICMP_TYPE) == Icmpv6Packet.NEIGHBOR_ADVERTISEMENT << 8;
  }

  private static int u8(ByteBuffer frame, int place) {
    return Byte.toUnsignedInt(frame.get(place));
  }

  private static int u16(ByteBuffer frame, int place) {
    return Short.toUnsignedInt(frame.getShort(place));
  }

  private static ProbeAnswer answer(byte[] frame, int host, int hostOctets, int mac) {
    return new ProbeAnswer(
        address(frame, host, hostOctets),
        MacAddress.of(Arrays.copyOfRange(frame, mac, mac + MAC_OCTETS)));
  }

  private static InetAddress address(byte[] frame, int place, int length) {
    byte[] octets = Arrays.copyOfRange(frame, place, place + length);
    if (length == IPV6_OCTETS) {
      return ProbeFrame.ipv6(octets);
    }
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError("an IPv4 address has four octets", e);
    }
  }
}
