package dev.podbond.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Makes a tree from tokens, up to a number of values.
final class JsonTree {
  private final JsonParser parser;
  private final JsonLimits limits;
  private long values;

  JsonTree(JsonParser parser, JsonLimits limits) {
    this.parser = parser;
    this.limits = limits;
  }

  /// The value that begins at the given token, read to its end. Recursion is bounded by
  /// [Json#MAX_DEPTH].
  JsonValue value(JsonToken first) throws JsonException {
    values++;
    if (values > limits.values()) {
      throw limits.tooMany(values + rest());
    }
    return switch (first) {
      case START_OBJECT -> objectMembers();
      case START_ARRAY -> arrayElements();
      case VALUE_STRING -> Shared.string(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Shared.number(parser.getString());
      case VALUE_TRUE -> JsonBoolean.TRUE;
      case VALUE_FALSE -> JsonBoolean.FALSE;
      case VALUE_NULL -> JsonNull.NULL;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new AssertionError("no value begins with " + first);
    };
  }

  /// How many values follow; it keeps none of them.
  private long rest() {
    long rest = 0;
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      if (token.isStructStart() || token.isScalarValue()) {
        rest++;
      }
    }
    return rest;
  }

  private JsonObject objectMembers() throws JsonException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = Shared.name(parser.currentName());
      JsonValue value = value(parser.nextToken());
      // Removed first, so that a repeated name moves to its later place.
      members.remove(name);
      members.put(name, value);
    }
    return members.isEmpty() ? JsonObject.of() : new JsonObject(members);
  }

  private JsonArray arrayElements() throws JsonException {
    List<JsonValue> elements = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      elements.add(value(token));
    }
    return new JsonArray(elements);
  }
}
