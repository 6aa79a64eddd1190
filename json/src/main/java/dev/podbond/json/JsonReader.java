package dev.podbond.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/// Reads the members of one object with their types and ranges. It reports a wrong member to a
/// sink. If the sink throws, the reading ends there; if it collects or ignores, the member counts
/// as absent.
///
/// Callers convert strings themselves (to an address, a name): see [#parsed].
///
/// @param object the object to read
/// @param path its path in the document, such as `vfs[0].link`; empty for the whole document
/// @param keys how keys are matched
/// @param problems the sink
/// @param <X> what the sink throws; [RuntimeException] if it throws nothing
public record JsonReader<X extends Exception>(
    JsonObject object, String path, Keys keys, Problems<X> problems) {
  private static final int MAX_SHOWN = 80;

  /// Which member of an object a key means.
  public enum Keys {
    /// The member with exactly this name; `null` is a value.
    EXACT,
    /// The member that Go's `encoding/json` would take, see [JsonObject#find]; `null` is absent.
    GO
  }

  /// Where problems go.
  ///
  /// @param <X> what it throws
  @FunctionalInterface
  public interface Problems<X extends Exception> {
    /// Reports a member that is missing or wrong.
    ///
    /// @param where its path
    /// @param expected what belongs there, such as "a string"
    /// @param found the value there; empty if it is absent
    void wrong(String where, String expected, Optional<JsonValue> found) throws X;
  }

  /// A reader of a whole document.
  public static <X extends Exception> JsonReader<X> of(
      JsonObject document, Keys keys, Problems<X> problems) {
    return new JsonReader<>(document, "", keys, problems);
  }

  /// A reader that treats a member of the wrong type as absent.
  public static JsonReader<RuntimeException> lenient(JsonObject object) {
    return of(object, Keys.EXACT, (_, _, _) -> {});
  }

  /// A value for a message, shortened if it is long.
  public static String shown(JsonValue value) {
    String text = value.toString();
    return text.length() <= MAX_SHOWN ? text : Printable.head(text, MAX_SHOWN) + "...";
  }

  /// The path of a member.
  public String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /// A member of any type.
  public Optional<JsonValue> find(String key) {
    return keys == Keys.GO ? object.find(key) : object.get(key);
  }

  /// A string; the empty one is a string.
  public Optional<String> string(String key) throws X {
    return string(key, "a string");
  }

  /// A string.
  ///
  /// @param expected the expected content, for the message
  public Optional<String> string(String key, String expected) throws X {
    return typed(
        key,
        expected,
        value -> value instanceof JsonString(String text) ? Optional.of(text) : Optional.empty());
  }

  /// A string for which the empty text means absent, as with Go's `omitempty`.
  public Optional<String> nonEmptyString(String key) throws X {
    return string(key).filter(text -> !text.isEmpty());
  }

  /// A string in a form that `parse` accepts.
  public <T> Optional<T> parsed(String key, String expected, Function<String, Optional<T>> parse)
      throws X {
    return typed(key, expected, value -> text(value).flatMap(parse));
  }

  /// A string in a form that `parse` accepts, which must be there.
  public <T> T require(String key, String expected, Function<String, Optional<T>> parse) throws X {
    return required(key, expected, parsed(key, expected, parse));
  }

  /// A string that must be there.
  public String requireString(String key) throws X {
    return required(key, "a string", string(key));
  }

  /// A number without fraction or exponent.
  public OptionalInt integer(String key, int min, int max) throws X {
    return integer(key, min, max, () -> range(min, max));
  }

  /// A number without fraction or exponent.
  ///
  /// @param expected what is allowed, for the message
  public OptionalInt integer(String key, int min, int max, Supplier<String> expected) throws X {
    OptionalLong value = number(key, min, max, expected);
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  /// A number without fraction or exponent that may need more than 32 bits.
  public OptionalLong longInteger(String key, long min, long max) throws X {
    return number(key, min, max, () -> range(min, max));
  }

  /// A number that must be there.
  public int requireInteger(String key, int min, int max) throws X {
    OptionalInt value = integer(key, min, max);
    return value.isPresent() ? value.getAsInt() : required(key, range(min, max), Optional.empty());
  }

  private static String range(long min, long max) {
    return "an integer from " + min + " to " + max;
  }

  private OptionalLong number(String key, long min, long max, Supplier<String> expected) throws X {
    Optional<JsonValue> found = find(key);
    if (found.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong value = whole(found.get(), min, max);
    if (value.isEmpty()) {
      problems.wrong(at(key), expected.get(), found);
    }
    return value;
  }

  private static OptionalLong whole(JsonValue found, long min, long max) {
    if (found instanceof JsonNumber number && number.isIntegral()) {
      try {
        long value = number.longValue();
        return min <= value && value <= max ? OptionalLong.of(value) : OptionalLong.empty();
      } catch (ArithmeticException _) {
        // A number that does not fit into 64 bits is outside every range.
      }
    }
    return OptionalLong.empty();
  }

  /// `true` or `false`.
  public Optional<Boolean> bool(String key) throws X {
    return bool(key, "true or false");
  }

  /// `true` or `false`.
  ///
  /// @param expected for the message
  public Optional<Boolean> bool(String key, String expected) throws X {
    return typed(
        key,
        expected,
        value -> value instanceof JsonBoolean flag ? Optional.of(flag.value()) : Optional.empty());
  }

  /// `true` or `false`, which must be there.
  public boolean requireBool(String key) throws X {
    return required(key, "true or false", bool(key));
  }

  /// An object.
  public Optional<JsonReader<X>> object(String key) throws X {
    return typed(key, "an object", value -> within(at(key), value));
  }

  /// An object that must be there.
  public JsonReader<X> requireObject(String key) throws X {
    return required(key, "an object", object(key));
  }

  private Optional<JsonReader<X>> within(String where, JsonValue value) {
    return value instanceof JsonObject inner
        ? Optional.of(new JsonReader<>(inner, where, keys, problems))
        : Optional.empty();
  }

  /// A list of anything.
  public Optional<List<JsonValue>> list(String key, String expected) throws X {
    return typed(
        key,
        expected,
        value ->
            value instanceof JsonArray(List<JsonValue> elements)
                ? Optional.of(elements)
                : Optional.empty());
  }

  /// The objects of a list. An absent list counts as empty, and an element of another type as
  /// absent.
  public List<JsonReader<X>> objects(String key) throws X {
    return elements(key, list(key, "an array").orElse(List.of()), "an object", this::within);
  }

  /// The objects of a list that must be there.
  public List<JsonReader<X>> requireObjects(String key) throws X {
    List<JsonValue> values = required(key, "an array", list(key, "an array"));
    return elements(key, values, "an object", this::within);
  }

  /// The strings of a list, as [#objects].
  public List<String> strings(String key) throws X {
    return elements(
        key, list(key, "an array").orElse(List.of()), "a string", (_, value) -> text(value));
  }

  /// The strings of a list that must be there, each in a form that `parse` accepts.
  public <T> List<T> requireEach(String key, String expected, Function<String, Optional<T>> parse)
      throws X {
    List<JsonValue> values = required(key, "an array", list(key, "an array"));
    return elements(key, values, expected, (_, value) -> text(value).flatMap(parse));
  }

  /// Converts one element.
  @FunctionalInterface
  private interface Element<T> {
    Optional<T> read(String where, JsonValue value);
  }

  private <T> List<T> elements(
      String key, List<JsonValue> values, String expected, Element<T> element) throws X {
    List<T> elements = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      String where = at(key) + "[" + i + "]";
      Optional<T> read = element.read(where, values.get(i));
      if (read.isEmpty()) {
        problems.wrong(where, expected, Optional.of(values.get(i)));
      }
      read.ifPresent(elements::add);
    }
    return elements;
  }

  private static Optional<String> text(JsonValue value) {
    return value instanceof JsonString(String text) ? Optional.of(text) : Optional.empty();
  }

  private <T> Optional<T> typed(
      String key, String expected, Function<JsonValue, Optional<T>> reading) throws X {
    Optional<JsonValue> found = find(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Optional<T> read = reading.apply(found.get());
    if (read.isEmpty()) {
      problems.wrong(at(key), expected, found);
    }
    return read;
  }

  /// The value; if it is missing, the sink is told, and only a sink that throws can enforce it.
  private <T> T required(String key, String expected, Optional<T> value) throws X {
    if (value.isEmpty()) {
      problems.wrong(at(key), expected, find(key));
    }
    return value.orElseThrow(
        () -> new IllegalStateException(at(key) + " is required, and its absence was passed over"));
  }
}
