package dev.podbond.bonding.linkstate;

/// A stored record of VFs without a link that makes no sense.
public final class InvalidDisabledVfsException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidDisabledVfsException(String message) {
    super(message);
  }
}
