package dev.podbond.bonding.attachment;

import java.util.Locale;

/// How far an attachment has come.
public enum Phase {
  /// Nothing, some or all of it has been made: it was written before the first change.
  PREPARED,
  /// ADD has succeeded.
  COMPLETE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
