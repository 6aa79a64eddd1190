package dev.podbond.cni.spec;

import java.io.Serial;

/// The plugin of a type is not on this node.
public final class PluginMissingException extends CniException {

  @Serial private static final long serialVersionUID = 1L;

  /// For a plugin that was not found.
  public PluginMissingException(String msg, String details) {
    super(CniErrorCode.INTERNAL, msg, details);
  }
}
