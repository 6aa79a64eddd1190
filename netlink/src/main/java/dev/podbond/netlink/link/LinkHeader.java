package dev.podbond.netlink.link;

import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.Payload;
import dev.podbond.netlink.wire.PayloadWriter;

/// `struct ifinfomsg` of `linux/rtnetlink.h`, the start of every link message.
///
/// ```
///  +--------+--------+-----------------+
///  | family | 0      | ARPHRD type     |
///  +--------+--------+-----------------+
///  | index                             |
///  +-----------------------------------+
///  | flags                             |
///  +-----------------------------------+
///  | change mask: the flags meant      |
///  +-----------------------------------+
/// ```
record LinkHeader(int hardwareType, int index, int flags, int changeMask) {
  static final int LENGTH = 16;

  private static final int TYPE_OFFSET = 2;
  private static final int INDEX_OFFSET = 4;
  private static final int FLAGS_OFFSET = 8;
  private static final int CHANGE_OFFSET = 12;

  static LinkHeader ofIndex(int index) {
    return new LinkHeader(0, index, 0, 0);
  }

  static LinkHeader parse(Payload payload) throws MalformedMessage {
    return new LinkHeader(
        payload.u16(TYPE_OFFSET),
        payload.s32(INDEX_OFFSET),
        payload.s32(FLAGS_OFFSET),
        payload.s32(CHANGE_OFFSET));
  }

  PayloadWriter writer() {
    return writeTo(new PayloadWriter());
  }

  PayloadWriter writeTo(PayloadWriter writer) {
    return writer
        .putU8(0)
        .putU8(0)
        .putU16(hardwareType)
        .putS32(index)
        .putS32(flags)
        .putS32(changeMask);
  }
}
