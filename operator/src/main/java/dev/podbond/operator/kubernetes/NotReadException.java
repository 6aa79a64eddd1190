package dev.podbond.operator.kubernetes;

/// An object is set aside for its size, or for that of all. The place in the code says nothing, and
/// there may be thousands.
public final class NotReadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param reason a sentence
  public NotReadException(String reason) {
    super(reason, null, false, false);
  }
}
