package dev.podbond.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON text strictly by RFC 8259: no comments, no trailing commas, no bare words, no byte
/// order mark, nothing after the document. Of members with the same name the last one counts, as in
/// Go, and takes the later place. Half a surrogate pair is accepted in a value but not in a name.
///
/// Input may be hostile, so it is limited: by [#MAX_DOCUMENT_BYTES], [#MAX_DEPTH],
/// [#MAX_STRING_CHARS], [#MAX_NAME_CHARS], [#MAX_NUMBER_CHARS] and [#MAX_TOKENS], and by the
/// caller's [JsonLimits], which are checked while the text is read.
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

  /// Most tokens of a document; limits the memory of a tree of many small values.
  public static final int MAX_TOKENS = 1_000_000;

  /// The parser must not keep member names from one document to the next: it would keep about ten
  /// thousand for its whole life, each as long as its author liked.
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
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

  private Json() {}

  /// Reads one JSON value.
  ///
  /// @throws JsonException if the text is not JSON or beyond the limits
  public static JsonValue parse(String text) throws JsonException {
    return parse(text, JsonLimits.MOST);
  }

  /// Reads one JSON value of a limited size. The tree grows only up to the limit; the rest is only
  /// counted.
  ///
  /// @throws JsonTooLargeException if the text is beyond the limits
  /// @throws JsonException if it is not JSON
  public static JsonValue parse(String text, JsonLimits limits) throws JsonException {
    if (text.length() > limits.bytes()) {
      throw limits.tooLong(text.length());
    }
    return read(text, limits, unfound -> FaultFinder.ofDocument(text, unfound));
  }

  /// Reads JSON values separated by commas, like the content of an array's brackets.
  ///
  /// @throws JsonException if the text is anything else, or beyond the limits
  public static JsonArray parseElements(String text) throws JsonException {
    UnaryOperator<JsonException> fault = unfound -> FaultFinder.ofElements(text, unfound);
    if (read("[" + text + "]", JsonLimits.MOST, fault) instanceof JsonArray array
        && !array.elements().isEmpty()) {
      return array;
    }
    throw new JsonException("the document is empty");
  }

  /// Reads a text.
  ///
  /// @param fault what is wrong with a text that is no JSON, if nothing better is found the given
  private static JsonValue read(String text, JsonLimits limits, UnaryOperator<JsonException> fault)
      throws JsonException {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw fault.apply(new JsonException("the document is empty"));
      }
      JsonValue value = new JsonTree(parser, limits).value(first);
      if (parser.nextToken() != null) {
        throw fault.apply(new JsonException("something follows the document"));
      }
      return value;
    } catch (JacksonException e) {
      throw fault.apply(problem(e));
    }
  }

  /// What the exception tells without the text. The parser's own words are for programmers. It does
  /// not know the place where a limit was exceeded.
  static JsonException problem(JacksonException e) {
    String problem =
        switch (e) {
          case StreamConstraintsException _ ->
              "too large: at most %d bytes, %d levels, %d names, values and brackets"
                  .formatted(MAX_DOCUMENT_BYTES, MAX_DEPTH, MAX_TOKENS);
          case UnexpectedEndOfInputException _ -> "the document ends too early";
          default -> "no JSON";
        };
    TokenStreamLocation at = e.getLocation();
    return at == null
        ? new JsonException(problem)
        : new JsonException(
            problem, new JsonPlace((int) at.getCharOffset(), at.getLineNr(), at.getColumnNr()));
  }

  /// Reads one JSON value from UTF-8.
  ///
  /// @throws JsonException if the bytes are not UTF-8, not JSON or beyond the limits
  public static JsonValue parse(byte[] utf8) throws JsonException {
    return parse(utf8, JsonLimits.MOST);
  }

  /// Reads one JSON value of a limited size from UTF-8.
  ///
  /// @throws JsonException as [#parse(String, JsonLimits)] does, and if the bytes are not UTF-8
  public static JsonValue parse(byte[] utf8, JsonLimits limits) throws JsonException {
    if (utf8.length > limits.bytes()) {
      throw limits.tooLong(utf8.length);
    }
    return parse(decode(utf8), limits);
  }

  /// Reads one JSON object.
  ///
  /// @throws JsonException as [#parse(String)] does, and if the value is not an object
  public static JsonObject parseObject(String text) throws JsonException {
    return object(parse(text));
  }

  /// Reads one JSON object of a limited size.
  ///
  /// @throws JsonException as [#parse(String, JsonLimits)] does, and if the value is not an object
  public static JsonObject parseObject(String text, JsonLimits limits) throws JsonException {
    return object(parse(text, limits));
  }

  /// Reads one JSON object from UTF-8.
  ///
  /// @throws JsonException as [#parse(byte\[\])] does, and if the value is not an object
  public static JsonObject parseObject(byte[] utf8) throws JsonException {
    return object(parse(utf8));
  }

  /// Reads one JSON object of a limited size from UTF-8.
  ///
  /// @throws JsonException as [#parse(byte\[\], JsonLimits)] does, and if the value is not an
  ///   object
  public static JsonObject parseObject(byte[] utf8, JsonLimits limits) throws JsonException {
    return object(parse(utf8, limits));
  }

  private static JsonObject object(JsonValue value) throws JsonException {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw new JsonException("the document is not an object but of type " + value.kind());
  }

  static JsonException notUtf8() {
    return new JsonException("the document is not valid UTF-8");
  }

  private static String decode(byte[] utf8) throws JsonException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException _) {
      throw notUtf8();
    }
  }
}
