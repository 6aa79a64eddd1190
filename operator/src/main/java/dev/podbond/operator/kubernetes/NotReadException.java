package dev.podbond.operator.kubernetes;

/// An object was set aside because it, or all objects together, are too large. It has no stack
/// trace, since that would say nothing and there may be thousands of these.
public final class NotReadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param reason a sentence
  public NotReadException(String reason) {
    super(reason, null, false, false);
  }
}
