package dev.podbond.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON text strictly by RFC 8259: no comments, no trailing commas, no bare words, no byte
/// order mark, nothing after the document. Of members with the same name the last one counts, as in
/// Go, and takes the later place. Half a surrogate pair is kept in a value and refused in a name.
///
/// Input may come from hostile hands, so it is limited: [#MAX_DOCUMENT_BYTES], [#MAX_DEPTH],
/// [#MAX_STRING_CHARS], [#MAX_NAME_CHARS], [#MAX_NUMBER_CHARS] and [#MAX_TOKENS].
public final class Json {

  /// Longest document in bytes of UTF-8.
  public static final int MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

  /// Deepest nesting of objects and arrays.
  public static final int MAX_DEPTH = 100;

  /// Longest string value in characters. A runtime's cache holds a whole configuration in one.
  public static final int MAX_STRING_CHARS = 8 * 1024 * 1024;

  /// Longest member name in characters.
  public static final int MAX_NAME_CHARS = 4096;

  /// Longest number in characters.
  public static final int MAX_NUMBER_CHARS = 256;

  /// Most tokens of a document; bounds the memory of the tree that grows from small values.
  public static final int MAX_TOKENS = 1_000_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxDocumentLength(MAX_DOCUMENT_BYTES)
                  .maxStringLength(MAX_STRING_CHARS)
                  .maxNameLength(MAX_NAME_CHARS)
                  .maxNumberLength(MAX_NUMBER_CHARS)
                  .maxTokenCount(MAX_TOKENS)
                  .build())
          .build();

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private Json() {}

  /// Reads one JSON value.
  ///
  /// @throws JsonException if the text is no JSON or beyond the limits
  public static JsonValue parse(String text) throws JsonException {
    if (text.length() > MAX_DOCUMENT_BYTES) {
      throw tooLong(text.length());
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new JsonException("the document is empty");
      }
      JsonValue value = value(parser, first);
      if (parser.nextToken() != null) {
        TokenStreamLocation at = parser.currentTokenLocation();
        throw new JsonException(
            "unexpected content after the document", at.getLineNr(), at.getColumnNr());
      }
      return value;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String message = printable(e.getOriginalMessage());
      throw at == null
          ? new JsonException(message)
          : new JsonException(message, at.getLineNr(), at.getColumnNr());
    }
  }

  /// The parser quotes the document, control characters and all, which are no text for a log.
  private static String printable(String message) {
    return CONTROL
        .matcher(message)
        .replaceAll(found -> "<%04x>".formatted((int) found.group().charAt(0)));
  }

  /// Reads one JSON value from UTF-8.
  ///
  /// @throws JsonException if the bytes are no UTF-8, no JSON or beyond the limits
  public static JsonValue parse(byte[] utf8) throws JsonException {
    if (utf8.length > MAX_DOCUMENT_BYTES) {
      throw tooLong(utf8.length);
    }
    return parse(decode(utf8));
  }

  /// Reads one JSON object.
  ///
  /// @throws JsonException as [#parse(String)] does, and if the value is no object
  public static JsonObject parseObject(String text) throws JsonException {
    return object(parse(text));
  }

  /// Reads one JSON object from UTF-8.
  ///
  /// @throws JsonException as [#parse(byte\[\])] does, and if the value is no object
  public static JsonObject parseObject(byte[] utf8) throws JsonException {
    return object(parse(utf8));
  }

  private static JsonObject object(JsonValue value) throws JsonException {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw new JsonException("the document is not an object but of type " + value.kind());
  }

  private static JsonException tooLong(int length) {
    return new JsonException(
        "the document is longer than " + MAX_DOCUMENT_BYTES + " bytes: " + length);
  }

  private static String decode(byte[] utf8) throws JsonException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException _) {
      throw new JsonException("the document is not valid UTF-8");
    }
  }

  /// The value that begins at the given token, read to its end. Recursion is bounded by
  /// [#MAX_DEPTH].
  private static JsonValue value(JsonParser parser, JsonToken first) throws JsonException {
    return switch (first) {
      case START_OBJECT -> objectMembers(parser);
      case START_ARRAY -> arrayElements(parser);
      case VALUE_STRING -> new JsonString(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getString());
      case VALUE_TRUE -> JsonBoolean.TRUE;
      case VALUE_FALSE -> JsonBoolean.FALSE;
      case VALUE_NULL -> JsonNull.NULL;
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> {
        TokenStreamLocation at = parser.currentTokenLocation();
        throw new JsonException("unexpected " + first, at.getLineNr(), at.getColumnNr());
      }
    };
  }

  private static JsonObject objectMembers(JsonParser parser) throws JsonException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonValue value = value(parser, parser.nextToken());
      // Removed first, so that a repeated name moves to its later place.
      members.remove(name);
      members.put(name, value);
    }
    return new JsonObject(members);
  }

  private static JsonArray arrayElements(JsonParser parser) throws JsonException {
    List<JsonValue> elements = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      elements.add(value(parser, token));
    }
    return new JsonArray(elements);
  }
}
