package dev.podbond.json;

import java.util.Map;

/// What may be kept of a document, and how much was read.
final class ExcerptBudget {
  /// The characters of an empty object or array.
  static final int BRACKETS = 2;

  private final JsonLimits limits;
  private long values;
  private long chars;

  ExcerptBudget(JsonLimits limits) {
    this.limits = limits;
  }

  /// Counts one value with this many characters, those in it not included.
  void countValue(int length) {
    values++;
    chars += length;
  }

  void countName(int length) {
    chars += length;
  }

  boolean isExceeded() {
    return values > limits.values() || chars > limits.bytes();
  }

  void add(ExcerptBudget part) {
    values += part.values;
    chars += part.chars;
  }

  void require() throws JsonTooLargeException {
    if (values > limits.values()) {
      throw limits.tooMany(values);
    }
    if (chars > limits.bytes()) {
      throw limits.tooLong(chars);
    }
  }

  /// Counts a value as if it were read.
  ///
  /// @param depth of the object or array that it is in; 1 is the document
  /// @return whether its text can be read, and all that was counted is within the limits
  boolean takes(JsonValue value, int depth) {
    boolean isReadable =
        switch (value) {
          case JsonObject object -> takesMembers(object, depth + 1);
          case JsonArray array -> takesElements(array, depth + 1);
          case JsonNumber number ->
              takesLeaf(value, number.text().length() <= Json.MAX_NUMBER_CHARS);
          case JsonString string ->
              takesLeaf(value, string.value().length() <= Json.MAX_STRING_CHARS);
          case JsonBoolean _, JsonNull _ -> takesLeaf(value, true);
        };
    return isReadable && !isExceeded();
  }

  private boolean takesLeaf(JsonValue leaf, boolean isReadable) {
    countValue(JsonText.length(leaf));
    return isReadable;
  }

  private boolean takesMembers(JsonObject object, int depth) {
    countValue(BRACKETS);
    for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
      countName(member.getKey().length());
      if (!isReadable(member.getKey()) || !takes(member.getValue(), depth)) {
        return false;
      }
    }
    return depth <= Json.MAX_DEPTH;
  }

  private boolean takesElements(JsonArray array, int depth) {
    countValue(BRACKETS);
    for (JsonValue element : array.elements()) {
      if (!takes(element, depth)) {
        return false;
      }
    }
    return depth <= Json.MAX_DEPTH;
  }

  /// Whether a name can surely be read: it has no half of a surrogate pair, and is not too long.
  static boolean isReadable(String name) {
    return name.length() <= Json.MAX_NAME_CHARS && name.chars().noneMatch(c -> isSurrogate(c));
  }

  private static boolean isSurrogate(int c) {
    return Character.isSurrogate((char) c);
  }
}
