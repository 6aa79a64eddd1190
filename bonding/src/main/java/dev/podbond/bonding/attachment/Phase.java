package dev.podbond.bonding.attachment;

import java.util.Locale;

/// How far an attachment has come.
public enum Phase {
  /// Nothing, some or all of it has been made: it was written before the first change.
  PREPARED,
  /// ADD has succeeded.
  COMPLETE,
  /// Its removal has begun, and is all that may be done to it: it was written before the first
  /// change of a DEL.
  REMOVING;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
