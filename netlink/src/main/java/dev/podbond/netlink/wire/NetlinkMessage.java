package dev.podbond.netlink.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// One message: the header, `struct nlmsghdr`, and its payload.
///
/// ```
///  0               2               4
///  +---------------+---------------+
///  | length, with this header      |
///  +---------------+---------------+
///  | type          | flags         |
///  +---------------+---------------+
///  | sequence number               |
///  +---------------+---------------+
///  | port id                       |
///  +---------------+---------------+
///  | payload ...                   |
/// ```
///
/// All numbers are in the byte order of the machine.
///
/// @param type `NLMSG_*` or `RTM_*`
/// @param flags `NLM_F_*`
/// @param sequence the number that links an answer to its request
/// @param portId in an answer the port id of its receiver, 0 in events from the kernel
/// @param payload the bytes after the header, without padding
public record NetlinkMessage(int type, int flags, int sequence, int portId, Payload payload) {
  /// The length of `struct nlmsghdr`.
  public static final int HEADER_LENGTH = 16;

  private static final int TYPE_OFFSET = 4;
  private static final int FLAGS_OFFSET = 6;
  private static final int SEQUENCE_OFFSET = 8;
  private static final int PORT_ID_OFFSET = 12;

  /// The messages of one datagram.
  ///
  /// @throws MalformedMessage if a length does not fit the bytes that are there
  public static List<NetlinkMessage> parseAll(ByteBuffer datagram) throws MalformedMessage {
    ByteBuffer bytes = datagram.slice().order(ByteOrder.nativeOrder());
    List<NetlinkMessage> messages = new ArrayList<>();
    int offset = 0;
    while (offset < bytes.limit()) {
      int left = bytes.limit() - offset;
      if (left < HEADER_LENGTH) {
        throw new MalformedMessage("%d bytes left, too few for a message header".formatted(left));
      }
      int length = bytes.getInt(offset);
      if (length < HEADER_LENGTH || length > left) {
        throw new MalformedMessage("message length %d with %d bytes left".formatted(length, left));
      }
      messages.add(
          new NetlinkMessage(
              Short.toUnsignedInt(bytes.getShort(offset + TYPE_OFFSET)),
              Short.toUnsignedInt(bytes.getShort(offset + FLAGS_OFFSET)),
              bytes.getInt(offset + SEQUENCE_OFFSET),
              bytes.getInt(offset + PORT_ID_OFFSET),
              new Payload(bytes.slice(offset + HEADER_LENGTH, length - HEADER_LENGTH))));
      // The last message of a datagram need not be padded.
      offset += Math.min(Align.up(length), left);
    }
    return messages;
  }

  /// The bytes of this message, padded to a multiple of four.
  public byte[] toBytes() {
    byte[] body = payload.toBytes();
    int length = HEADER_LENGTH + body.length;
    return ByteBuffer.allocate(Align.up(length))
        .order(ByteOrder.nativeOrder())
        .putInt(length)
        .putShort((short) type)
        .putShort((short) flags)
        .putInt(sequence)
        .putInt(portId)
        .put(body)
        .array();
  }

  /// The same message with its own copy of the bytes. The original keeps its whole datagram in
  /// memory.
  public NetlinkMessage copied() {
    return new NetlinkMessage(type, flags, sequence, portId, Payload.of(payload.toBytes()));
  }

  /// Whether all of the given `NLM_F_*` bits are set.
  public boolean hasFlags(int bits) {
    return (flags & bits) == bits;
  }
}
