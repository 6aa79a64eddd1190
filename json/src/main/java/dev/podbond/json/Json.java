package dev.podbond.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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
/// [#MAX_STRING_CHARS], [#MAX_NAME_CHARS], [#MAX_NUMBER_CHARS] and [#MAX_TOKENS], and by what the
/// caller allows with [JsonLimits], which is counted while the text is read.
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

  static final JsonFactory FACTORY =
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
    return parse(text, JsonLimits.MOST);
  }

  /// Reads one JSON value of a limited size. No more of the tree is built than is allowed; what
  /// goes beyond it is only counted.
  ///
  /// @throws JsonTooLargeException if the text is beyond the limits
  /// @throws JsonException if it is no JSON
  public static JsonValue parse(String text, JsonLimits limits) throws JsonException {
    if (text.length() > limits.bytes()) {
      throw limits.tooLong(text.length());
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new JsonException("the document is empty");
      }
      JsonValue value = new JsonTree(parser, limits).value(first);
      if (parser.nextToken() != null) {
        TokenStreamLocation at = parser.currentTokenLocation();
        throw new JsonException(
            "unexpected content after the document", at.getLineNr(), at.getColumnNr());
      }
      return value;
    } catch (JacksonException e) {
      throw problem(e);
    }
  }

  static JsonException problem(JacksonException e) {
    TokenStreamLocation at = e.getLocation();
    String message = printable(e.getOriginalMessage());
    return at == null
        ? new JsonException(message)
        : new JsonException(message, at.getLineNr(), at.getColumnNr());
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
    return parse(utf8, JsonLimits.MOST);
  }

  /// Reads one JSON value of a limited size from UTF-8.
  ///
  /// @throws JsonException as [#parse(String, JsonLimits)] does, and if the bytes are no UTF-8
  public static JsonValue parse(byte[] utf8, JsonLimits limits) throws JsonException {
    if (utf8.length > limits.bytes()) {
      throw limits.tooLong(utf8.length);
    }
    return parse(decode(utf8), limits);
  }

  /// Reads one JSON object.
  ///
  /// @throws JsonException as [#parse(String)] does, and if the value is no object
  public static JsonObject parseObject(String text) throws JsonException {
    return object(parse(text));
  }

  /// Reads one JSON object of a limited size.
  ///
  /// @throws JsonException as [#parse(String, JsonLimits)] does, and if the value is no object
  public static JsonObject parseObject(String text, JsonLimits limits) throws JsonException {
    return object(parse(text, limits));
  }

  /// Reads one JSON object from UTF-8.
  ///
  /// @throws JsonException as [#parse(byte\[\])] does, and if the value is no object
  public static JsonObject parseObject(byte[] utf8) throws JsonException {
    return object(parse(utf8));
  }

  /// Reads one JSON object of a limited size from UTF-8.
  ///
  /// @throws JsonException as [#parse(byte\[\], JsonLimits)] does, and if the value is no object
  public static JsonObject parseObject(byte[] utf8, JsonLimits limits) throws JsonException {
    return object(parse(utf8, limits));
  }

  private static JsonObject object(JsonValue value) throws JsonException {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw new JsonException("the document is not an object but of type " + value.kind());
  }

  private static String decode(byte[] utf8) throws JsonException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException _) {
      throw new JsonException("the document is not valid UTF-8");
    }
  }
}
