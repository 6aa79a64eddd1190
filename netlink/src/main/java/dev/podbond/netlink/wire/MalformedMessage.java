package dev.podbond.netlink.wire;

import java.io.Serial;

/// The bytes are not a netlink message, or not the message that they claim to be.
///
/// Decoding throws nothing else, whatever the bytes.
public final class MalformedMessage extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /// @param message what was expected and what was found
  public MalformedMessage(String message) {
    super(message);
  }
}
