package dev.podbond.netlink.wire;

import java.util.Optional;
import java.util.OptionalInt;

/// The end of an exchange: `NLMSG_ERROR` (error 0 means success) or `NLMSG_DONE`.
///
/// Both carry a negative error number or 0 and, when the socket has `NETLINK_EXT_ACK` on, the
/// kernel's explanation. `NLMSG_ERROR` also repeats the request, or only its header if
/// `NETLINK_CAP_ACK` is on.
///
/// @param error the positive error number, 0 for success
/// @param message `NLMSGERR_ATTR_MSG`: an error's explanation, or a warning when error is 0
/// @param offset `NLMSGERR_ATTR_OFFS`: where in the request the offending attribute starts
/// @param missingType `NLMSGERR_ATTR_MISS_TYPE`: the required attribute that was missing
public record Acknowledgement(
    int error, Optional<String> message, OptionalInt offset, OptionalInt missingType) {
  private static final int ATTR_MSG = 1;
  private static final int ATTR_OFFS = 2;
  private static final int ATTR_MISS_TYPE = 5;

  /// Reads a message of type [NetlinkFlags#ERROR] or [NetlinkFlags#DONE].
  ///
  /// An `NLMSG_DONE` of a multicast or of a very old kernel may be empty; it means success.
  public static Acknowledgement parse(NetlinkMessage message) throws MalformedMessage {
    Payload payload = message.payload();
    if (message.type() == NetlinkFlags.DONE && payload.length() < Integer.BYTES) {
      return new Acknowledgement(0, Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
    }
    int code = payload.s32(0);
    // Integer.MIN_VALUE has no positive counterpart, and the kernel never sends a positive code.
    if (code > 0 || code == Integer.MIN_VALUE) {
      throw new MalformedMessage("error code " + code + " in an acknowledgement");
    }
    Attributes attributes = Attributes.none();
    if (message.hasFlags(NetlinkFlags.ACK_TLVS)) {
      attributes = payload.attributes(attributesOffset(message));
    }
    return new Acknowledgement(
        -code,
        attributes.find(ATTR_MSG).map(Attribute::string),
        number(attributes, ATTR_OFFS),
        number(attributes, ATTR_MISS_TYPE));
  }

  private static int attributesOffset(NetlinkMessage message) throws MalformedMessage {
    if (message.type() == NetlinkFlags.DONE) {
      return Integer.BYTES;
    }
    if (message.hasFlags(NetlinkFlags.CAPPED)) {
      return Integer.BYTES + NetlinkMessage.HEADER_LENGTH;
    }
    long requestLength = message.payload().u32(Integer.BYTES);
    if (requestLength < NetlinkMessage.HEADER_LENGTH
        || requestLength > message.payload().length() - Integer.BYTES) {
      throw new MalformedMessage("an acknowledgement repeats " + requestLength + " bytes");
    }
    return Integer.BYTES + (int) requestLength;
  }

  private static OptionalInt number(Attributes attributes, int type) throws MalformedMessage {
    Optional<Attribute> attribute = attributes.find(type);
    return attribute.isPresent() ? OptionalInt.of(attribute.get().s32()) : OptionalInt.empty();
  }
}
