package dev.podbond.netlink.wire;

import java.io.Serial;

/// Bytes that are no netlink message, or not the one they claim to be.
///
/// It is the only way in which decoding fails, whatever the bytes.
public final class MalformedMessage extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /// @param message what was expected and what was found
  public MalformedMessage(String message) {
    super(message);
  }
}
