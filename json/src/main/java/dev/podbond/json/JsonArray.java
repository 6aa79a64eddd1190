package dev.podbond.json;

import java.util.List;
import java.util.stream.Stream;

/// A JSON array.
///
/// @param elements the elements in order; the list is copied
public record JsonArray(List<JsonValue> elements) implements JsonValue {

  /// Copies the list, so that the array never changes.
  public JsonArray {
    elements = List.copyOf(elements);
  }

  /// An array of the given elements.
  public static JsonArray of(JsonValue... elements) {
    return new JsonArray(List.of(elements));
  }

  /// An array of strings.
  public static JsonArray ofStrings(List<String> values) {
    return new JsonArray(values.stream().<JsonValue>map(JsonString::new).toList());
  }

  /// The elements in order.
  public Stream<JsonValue> stream() {
    return elements.stream();
  }

  @Override
  public String toString() {
    return JsonText.compact(this);
  }
}
