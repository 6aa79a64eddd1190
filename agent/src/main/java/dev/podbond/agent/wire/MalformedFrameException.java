package dev.podbond.agent.wire;

import java.io.IOException;

/// What came is no frame.
public final class MalformedFrameException extends IOException {
  private static final long serialVersionUID = 1L;

  public MalformedFrameException(String message) {
    super("malformed frame: " + message);
  }
}
