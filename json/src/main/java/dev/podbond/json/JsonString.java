package dev.podbond.json;

import java.util.Objects;

/// A JSON string.
///
/// @param value the characters, without quotes or escapes
public record JsonString(String value) implements JsonValue {

  /// Refuses null.
  public JsonString {
    Objects.requireNonNull(value, "value");
  }

  @Override
  public String toString() {
    return JsonText.compact(this);
  }
}
