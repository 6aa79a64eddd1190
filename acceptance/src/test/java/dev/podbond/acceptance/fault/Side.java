package dev.podbond.acceptance.fault;

/// Before something is done, or when it is done and nobody knows yet.
public enum Side {
  BEFORE,
  AFTER;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
