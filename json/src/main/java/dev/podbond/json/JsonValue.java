package dev.podbond.json;

/// A JSON value of [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259). All values are immutable and
/// compare by content. An object keeps the order of its members, but equality ignores it.
public sealed interface JsonValue
    permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBoolean, JsonNull {

  /// The value as compact RFC 8259 text.
  @Override
  String toString();

  /// The value indented by four spaces per level, laid out as Go's `json.MarshalIndent` does: one
  /// member per line, empty objects and arrays as `{}` and `[]`, no line end after the last brace.
  default String toPrettyString() {
    return JsonText.indented(this);
  }

  /// The kind of this value, as a noun for messages: `object`, `array`, `string`, `number`,
  /// `boolean` or `null`.
  default String kind() {
    return switch (this) {
      case JsonObject _ -> "object";
      case JsonArray _ -> "array";
      case JsonString _ -> "string";
      case JsonNumber _ -> "number";
      case JsonBoolean _ -> "boolean";
      case JsonNull _ -> "null";
    };
  }

  /// The kind with its article, such as `an object`.
  default String aKind() {
    return switch (this) {
      case JsonObject _, JsonArray _ -> "an " + kind();
      case JsonString _, JsonNumber _, JsonBoolean _ -> "a " + kind();
      case JsonNull _ -> kind();
    };
  }
}
