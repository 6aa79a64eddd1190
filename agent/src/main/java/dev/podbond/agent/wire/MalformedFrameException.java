package dev.podbond.agent.wire;

import java.io.IOException;

/// The bytes are not a frame, or the frame breaks the protocol.
public final class MalformedFrameException extends IOException {
  private static final long serialVersionUID = 1L;

  public MalformedFrameException(String message) {
    super("malformed frame: " + message);
  }
}
