package dev.podbond.node.frame;

import dev.podbond.value.MacAddress;
import java.nio.ByteBuffer;

/// The 14 octets before an Ethernet II payload.
public final class EthernetHeader {
  /// How many octets it has.
  public static final int BYTES = 14;

  /// The EtherType of IPv4.
  public static final int TYPE_IPV4 = 0x0800;

  /// The EtherType of ARP.
  public static final int TYPE_ARP = 0x0806;

  /// The EtherType of IPv6.
  public static final int TYPE_IPV6 = 0x86dd;

  /// The EtherType of LLDP.
  public static final int TYPE_LLDP = 0x88cc;

  /// Everybody.
  public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

  private EthernetHeader() {}

  /// The header of a frame from `source` to `destination`.
  public static byte[] of(MacAddress destination, MacAddress source, int type) {
    return ByteBuffer.allocate(BYTES)
        .put(destination.octets())
        .put(source.octets())
        .putShort((short) type)
        .array();
  }

  /// The EtherType of a frame.
  public static int typeOf(byte[] frame) {
    return Short.toUnsignedInt(ByteBuffer.wrap(frame).getShort(BYTES - 2));
  }
}
