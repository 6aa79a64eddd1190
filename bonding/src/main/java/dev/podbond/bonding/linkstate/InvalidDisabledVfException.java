package dev.podbond.bonding.linkstate;

/// A stored record of a VF without a link that makes no sense.
public final class InvalidDisabledVfException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidDisabledVfException(String message) {
    super(message);
  }
}
