package dev.podbond.acceptance.fault;

/// Before an action, or after it while its answer is still unknown.
public enum Side {
  BEFORE,
  AFTER;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
