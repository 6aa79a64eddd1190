package dev.podbond.bonding.attachment;

/// A record of an attachment that does not say what it must: truncated, altered, or of a later
/// version.
public final class InvalidAttachmentException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidAttachmentException(String message) {
    super("invalid attachment record: " + message);
  }
}
