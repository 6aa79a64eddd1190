package dev.podbond.json;

/// The JSON literals `true` and `false`.
public enum JsonBoolean implements JsonValue {
  /// `true`.
  TRUE,
  /// `false`.
  FALSE;

  /// The literal for a Java boolean.
  public static JsonBoolean of(boolean value) {
    return value ? TRUE : FALSE;
  }

  /// The Java boolean for this literal.
  public boolean value() {
    return this == TRUE;
  }

  @Override
  public String toString() {
    return value() ? "true" : "false";
  }
}
