package dev.podbond.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.JacksonIOException;

/// Reads an object that may be far larger than the wanted part, piece by piece, and keeps what is
/// small enough. It also reads the parts that it leaves out, so that the caller can compute a
/// checksum.
public final class JsonExcerpt {
  /// The characters of an empty object or array.
  private static final int BRACKETS = 2;

  private final JsonParser parser;
  private final Request request;
  private final Consumer<String> text;
  private final Budget whole;

  /// What to keep.
  ///
  /// @param inside the member whose own members are left out one by one if they are too large
  /// @param each the limit for such a member
  /// @param whole the limit for everything that is kept
  /// @param unread the member whose text is not handed on, such as a checksum
  public record Request(String inside, JsonLimits each, JsonLimits whole, String unread) {}

  private JsonExcerpt(JsonParser parser, Request request, Consumer<String> text) {
    this.parser = parser;
    this.request = request;
    this.text = text;
    this.whole = new Budget(request.whole());
  }

  /// Reads an object.
  ///
  /// @param in UTF-8, to its end
  /// @param text gets, in pieces, the text that [JsonObject#toString] would give for the whole
  ///   document without the unread member
  /// @throws JsonTooLargeException if a part that must be kept is too large
  /// @throws JsonException if it is not JSON, not an object, or beyond the limits of [Json]
  /// @throws IOException if the stream fails, which tells nothing about the document
  public static JsonObject read(InputStream in, Request request, Consumer<String> text)
      throws JsonException, IOException {
    // A decoder, unlike a charset, reports bytes that are not UTF-8.
    Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
    try (JsonParser parser = Json.FACTORY.createParser(ObjectReadContext.empty(), reader)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonException("the document is not an object");
      }
      JsonObject object = new JsonExcerpt(parser, request, text).document();
      if (parser.nextToken() != null) {
        throw new JsonException("something follows the document");
      }
      return object;
    } catch (JacksonIOException e) {
      if (e.getCause() instanceof CharacterCodingException) {
        throw Json.notUtf8();
      }
      throw e.getCause();
    } catch (JacksonException e) {
      throw Json.problem(e);
    }
  }

  private JsonObject document() throws JsonException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    Consumer<String> out = text;
    String separator = "";
    out.accept("{");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken first = parser.nextToken();
      if (name.equals(request.unread())) {
        members.put(name, value(first, whole, _ -> {}));
      } else {
        out.accept(separator + quoted(name) + ":");
        separator = ",";
        members.put(
            name,
            name.equals(request.inside()) && first == JsonToken.START_OBJECT
                ? excerpt()
                : value(first, whole, out));
      }
      whole.require();
    }
    out.accept("}");
    return new JsonObject(members);
  }

  /// The members that are small enough.
  private JsonObject excerpt() throws JsonException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    String separator = "";
    text.accept("{");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      text.accept(separator + quoted(name) + ":");
      separator = ",";
      Budget own = new Budget(request.each());
      JsonValue value = value(parser.nextToken(), own, text);
      if (!own.isExceeded()) {
        whole.add(own);
        members.put(name, value);
      }
    }
    text.accept("}");
    return new JsonObject(members);
  }

  /// The value that begins at the given token. What exceeds its budget is counted and handed on,
  /// but not kept: then the returned value is only a part, which the caller drops.
  private JsonValue value(JsonToken first, Budget budget, Consumer<String> out)
      throws JsonException {
    return switch (first) {
      case START_OBJECT -> object(budget, out);
      case START_ARRAY -> array(budget, out);
      case VALUE_STRING -> leaf(new JsonString(parser.getString()), budget, out);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          leaf(new JsonNumber(parser.getString()), budget, out);
      case VALUE_TRUE -> leaf(JsonBoolean.TRUE, budget, out);
      case VALUE_FALSE -> leaf(JsonBoolean.FALSE, budget, out);
      case VALUE_NULL -> leaf(JsonNull.NULL, budget, out);
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new AssertionError("no value begins with " + first);
    };
  }

  private static JsonValue leaf(JsonValue value, Budget budget, Consumer<String> out) {
    String written = value.toString();
    out.accept(written);
    budget.countValue(written.length());
    return value;
  }

  private JsonValue object(Budget budget, Consumer<String> out) throws JsonException {
    budget.countValue(BRACKETS);
    Map<String, JsonValue> members = new LinkedHashMap<>();
    String separator = "";
    out.accept("{");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      out.accept(separator + quoted(name) + ":");
      separator = ",";
      JsonValue value = value(parser.nextToken(), budget, out);
      budget.countName(name.length());
      if (!budget.isExceeded()) {
        members.put(name, value);
      }
    }
    out.accept("}");
    return new JsonObject(members);
  }

  private JsonValue array(Budget budget, Consumer<String> out) throws JsonException {
    budget.countValue(BRACKETS);
    List<JsonValue> elements = new ArrayList<>();
    String separator = "";
    out.accept("[");
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      out.accept(separator);
      separator = ",";
      JsonValue value = value(token, budget, out);
      if (!budget.isExceeded()) {
        elements.add(value);
      }
    }
    out.accept("]");
    return new JsonArray(elements);
  }

  private static String quoted(String name) {
    return new JsonString(name).toString();
  }

  /// What may be kept, and how much was read.
  private static final class Budget {
    private final JsonLimits limits;
    private long values;
    private long chars;

    Budget(JsonLimits limits) {
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

    void add(Budget part) {
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
  }
}
