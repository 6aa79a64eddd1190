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
  private final JsonParser parser;
  private final Request request;
  private final Pieces text;
  private final ExcerptBudget whole;

  /// What to keep.
  ///
  /// @param inside the member whose own members are left out one by one if they are too large
  /// @param each the limit for such a member
  /// @param whole the limit for everything that is kept
  /// @param unread the member whose text is not handed on, such as a checksum
  public record Request(String inside, JsonLimits each, JsonLimits whole, String unread) {}

  /// Whether [#read] would surely keep all of this object. It walks the object and makes no text,
  /// so it costs a fraction of reading. It may answer no for an object that is kept nevertheless.
  public static boolean keepsAll(JsonObject object, Request request) {
    ExcerptBudget whole = new ExcerptBudget(request.whole());
    return object.members().entrySet().stream()
        .allMatch(member ->
            ExcerptBudget.isReadable(member.getKey())
                && keeps(member.getKey(), member.getValue(), request, whole));
  }

  private static boolean keeps(String name, JsonValue value, Request request, ExcerptBudget whole) {
    return (name.equals(request.inside()) && value instanceof JsonObject inside)
        ? keepsEach(inside, request, whole)
        : whole.takes(value, 1);
  }

  private static boolean keepsEach(JsonObject inside, Request request, ExcerptBudget whole) {
    for (Map.Entry<String, JsonValue> member : inside.members().entrySet()) {
      ExcerptBudget own = new ExcerptBudget(request.each());
      if (!ExcerptBudget.isReadable(member.getKey()) || !own.takes(member.getValue(), 2)) {
        return false;
      }
      whole.add(own);
    }
    return !whole.isExceeded();
  }

  private JsonExcerpt(JsonParser parser, Request request, Consumer<String> text) {
    this.parser = parser;
    this.request = request;
    this.text = new Pieces(text);
    this.whole = new ExcerptBudget(request.whole());
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
    boolean more = false;
    text.add("{");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = Shared.name(parser.currentName());
      JsonToken first = parser.nextToken();
      if (name.equals(request.unread())) {
        members.put(name, value(first, whole, new Pieces(_ -> {})));
      } else {
        text.addName(name, more);
        more = true;
        members.put(
            name,
            name.equals(request.inside()) && first == JsonToken.START_OBJECT
                ? excerpt()
                : value(first, whole, text));
      }
      whole.require();
    }
    text.add("}");
    text.flush();
    return new JsonObject(members);
  }

  /// The members that are small enough.
  private JsonObject excerpt() throws JsonException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    boolean more = false;
    text.add("{");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = Shared.name(parser.currentName());
      text.addName(name, more);
      more = true;
      ExcerptBudget own = new ExcerptBudget(request.each());
      JsonValue value = value(parser.nextToken(), own, text);
      if (!own.isExceeded()) {
        whole.add(own);
        members.put(name, value);
      }
    }
    text.add("}");
    return new JsonObject(members);
  }

  /// The value that begins at the given token. What exceeds its budget is counted and handed on,
  /// but not kept: then the returned value is only a part, which the caller drops.
  private JsonValue value(JsonToken first, ExcerptBudget budget, Pieces out) throws JsonException {
    return switch (first) {
      case START_OBJECT -> object(budget, out);
      case START_ARRAY -> array(budget, out);
      case VALUE_STRING -> leaf(Shared.string(parser.getString()), budget, out);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          leaf(Shared.number(parser.getString()), budget, out);
      case VALUE_TRUE -> leaf(JsonBoolean.TRUE, budget, out);
      case VALUE_FALSE -> leaf(JsonBoolean.FALSE, budget, out);
      case VALUE_NULL -> leaf(JsonNull.NULL, budget, out);
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new AssertionError("no value begins with " + first);
    };
  }

  private static JsonValue leaf(JsonValue value, ExcerptBudget budget, Pieces out) {
    budget.countValue(out.add(value));
    return value;
  }

  private JsonValue object(ExcerptBudget budget, Pieces out) throws JsonException {
    budget.countValue(ExcerptBudget.BRACKETS);
    Map<String, JsonValue> members = new LinkedHashMap<>();
    boolean more = false;
    out.add("{");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = Shared.name(parser.currentName());
      out.addName(name, more);
      more = true;
      JsonValue value = value(parser.nextToken(), budget, out);
      budget.countName(name.length());
      if (!budget.isExceeded()) {
        members.put(name, value);
      }
    }
    out.add("}");
    return new JsonObject(members);
  }

  private JsonValue array(ExcerptBudget budget, Pieces out) throws JsonException {
    budget.countValue(ExcerptBudget.BRACKETS);
    List<JsonValue> elements = new ArrayList<>();
    boolean more = false;
    out.add("[");
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      out.add(more ? "," : "");
      more = true;
      JsonValue value = value(token, budget, out);
      if (!budget.isExceeded()) {
        elements.add(value);
      }
    }
    out.add("]");
    return new JsonArray(elements);
  }

  /// Collects text and hands it on in pieces of some kilobytes.
  private static final class Pieces {
    private static final int LENGTH = 8192;

    private final Consumer<String> receiver;
    private final StringBuilder piece = new StringBuilder();

    Pieces(Consumer<String> receiver) {
      this.receiver = receiver;
    }

    void add(String text) {
      piece.append(text);
    }

    void addName(String name, boolean more) {
      add(more ? "," : "");
      int _ = add(Shared.string(name));
      add(":");
    }

    /// @return how many characters the value's text has
    int add(JsonValue value) {
      int before = piece.length();
      JsonText.append(value, piece);
      int length = piece.length() - before;
      if (piece.length() >= LENGTH) {
        flush();
      }
      return length;
    }

    void flush() {
      receiver.accept(piece.toString());
      piece.setLength(0);
    }
  }
}
