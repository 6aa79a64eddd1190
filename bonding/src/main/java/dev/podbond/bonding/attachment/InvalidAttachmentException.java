package dev.podbond.bonding.attachment;

/// A record of an attachment without the required content: truncated, altered, or of a later
/// version.
public final class InvalidAttachmentException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidAttachmentException(String message) {
    super("invalid attachment record: " + message);
  }
}
