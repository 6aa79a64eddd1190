package dev.podbond.bonding.demotion;

/// A record of a demotion without the required content: truncated, altered, or of a later version.
public final class InvalidDemotionException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidDemotionException(String message) {
    super("invalid record of a demotion: " + message);
  }
}
