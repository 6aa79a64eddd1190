package dev.podbond.netlink.link;

import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.netlink.wire.RtmType;
import java.util.HexFormat;
import java.util.function.Consumer;

/// Link messages as the kernel receives and sends them.
final class LinkWire {
  private LinkWire() {}

  /// The link that a message with this payload describes.
  static Link read(Consumer<PayloadWriter> writing) throws MalformedMessage {
    PayloadWriter writer = new PayloadWriter();
    writing.accept(writer);
    return Link.parse(new NetlinkMessage(RtmType.NEWLINK, 0, 1, 2, writer.toPayload()));
  }

  /// The bytes of a payload in hexadecimal. Expected values are written for a little-endian
  /// machine.
  static String hex(Consumer<PayloadWriter> writing) {
    PayloadWriter writer = new PayloadWriter();
    writing.accept(writer);
    return HexFormat.of().formatHex(writer.toBytes());
  }
}
