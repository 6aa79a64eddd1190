package dev.podbond.json;

/// The JSON literal `null`.
public enum JsonNull implements JsonValue {
  /// The one value.
  NULL;

  @Override
  public String toString() {
    return "null";
  }
}
