package dev.podbond.netlink.wire;

import java.io.Serial;

/// The bytes are not a netlink message, or not the message that they claim to be.
///
/// Decoding throws nothing else, whatever the bytes.
public final class MalformedMessage extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /// @param message the expected and the actual content
  public MalformedMessage(String message) {
    super(message);
  }
}
