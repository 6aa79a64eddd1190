package dev.podbond.ipam.config;

import java.io.Serial;

/// Something that we do not understand to its last field, or that host-local itself would refuse.
/// It is no failure: the plugin is then executed, and nothing has been changed.
public final class UnfamiliarException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  /// What is unfamiliar, as the end of a sentence that begins with "because".
  public UnfamiliarException(String reason) {
    super(reason);
  }

  /// What is unfamiliar.
  public String reason() {
    return String.valueOf(getMessage());
  }
}
