package dev.podbond.node.sysfs;

/// VFs could not be made; the message says why and what to do.
public final class VfCreationException extends Exception {
  private static final long serialVersionUID = 1L;

  VfCreationException(String message) {
    super(message);
  }

  VfCreationException(String message, Throwable cause) {
    super(message, cause);
  }
}
