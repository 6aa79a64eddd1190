package dev.podbond.bonding.attachment;

import java.util.Locale;

/// How far an attachment has come.
public enum Phase {
  /// Nothing, a part or all of it has been made: ADD writes this before its first change.
  PREPARED,
  /// ADD has succeeded.
  COMPLETE,
  /// Its removal has begun and must be completed; nothing else may happen to it. DEL writes this
  /// before its first change.
  REMOVING;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
