package dev.podbond.json;

import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// An object with a list that would take much memory as a whole: its elements are read one by one,
/// and none is kept.
public final class LongList {
  private LongList() {}

  /// Reads the object, and hands over the elements of its list in their order.
  ///
  /// @param list the name of the list; of another type than array it is a member like any other
  /// @return the object's other members
  /// @throws JsonException if the bytes are no JSON object or beyond the limits of [Json]; some
  ///   elements may have been handed over before
  public static JsonObject read(byte[] utf8, String list, Consumer<JsonValue> elements)
      throws JsonException {
    if (utf8.length > Json.MAX_DOCUMENT_BYTES) {
      throw JsonLimits.MOST.tooLong(utf8.length);
    }
    try (JsonParser parser = Json.FACTORY.createParser(ObjectReadContext.empty(), utf8)) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        throw new JsonException("the document is not an object");
      }
      JsonObject.Builder others = JsonObject.builder();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals(list) && value == JsonToken.START_ARRAY) {
          handOver(parser, elements);
        } else {
          others.put(name, tree(parser, value));
        }
      }
      if (parser.nextToken() != null) {
        throw new JsonException("something follows the document");
      }
      return others.build();
    } catch (JacksonException e) {
      throw Json.problem(e);
    }
  }

  private static void handOver(JsonParser parser, Consumer<JsonValue> elements)
      throws JsonException {
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      elements.accept(tree(parser, token));
    }
  }

  private static JsonValue tree(JsonParser parser, JsonToken first) throws JsonException {
    return new JsonTree(parser, JsonLimits.MOST).value(first);
  }
}
