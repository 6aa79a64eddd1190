package dev.podbond.node.announce;

import dev.podbond.value.MacAddress;
import java.nio.ByteBuffer;

/// The 14 octets before an Ethernet II payload.
final class EthernetHeader {
  static final int BYTES = 14;
  static final int TYPE_IPV4 = 0x0800;
  static final int TYPE_ARP = 0x0806;
  static final int TYPE_IPV6 = 0x86dd;
  static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

  private EthernetHeader() {}

  static byte[] of(MacAddress destination, MacAddress source, int type) {
    return ByteBuffer.allocate(BYTES)
        .put(destination.octets())
        .put(source.octets())
        .putShort((short) type)
        .array();
  }

  /// The EtherType of a frame.
  static int typeOf(byte[] frame) {
    return Short.toUnsignedInt(ByteBuffer.wrap(frame).getShort(BYTES - 2));
  }
}
