package dev.podbond.bonding.config;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// One object of a configuration, read field by field with Go's rules for keys. A wrong field is
/// added to a list of problems, shared by all objects of the configuration, and counts as absent.
record Fields(JsonReader<RuntimeException> reader, List<ConfigProblem> problems) {
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9]+");

  /// A whole configuration.
  static Fields of(JsonObject config) {
    List<ConfigProblem> problems = new ArrayList<>();
    return new Fields(
        JsonReader.of(
            config,
            JsonReader.Keys.GO,
            (where, expected, found) ->
                found.ifPresent(value ->
                    problems.add(ConfigProblem.of(where, value, "it must be " + expected)))),
        problems);
  }

  /// An element of a list.
  ///
  /// @param path its place, such as `links[0]`
  Fields element(String path, JsonObject element) {
    return new Fields(new JsonReader<>(element, path, reader.keys(), reader.problems()), problems);
  }

  Optional<JsonValue> find(String key) {
    return reader.find(key);
  }

  String where(String key) {
    return reader.at(key);
  }

  void refuse(ConfigProblem problem) {
    problems.add(problem);
  }

  void refuse(String key, JsonValue found, String remedy) {
    refuse(ConfigProblem.of(where(key), found, remedy));
  }

  /// A string, which may be empty.
  Optional<String> string(String key, String allowed) {
    return reader.string(key, allowed + ", as a string");
  }

  /// A string for which Go's zero value "" means absent.
  Optional<String> filledString(String key, String allowed) {
    return string(key, allowed).filter(text -> !text.isEmpty());
  }

  boolean flag(String key, boolean absent) {
    return reader.bool(key, "true or false, without quotes").orElse(absent);
  }

  /// A JSON number without fraction or exponent, as Go wants it for an int field.
  OptionalInt integer(String key, int min, int max) {
    return integer(key, min, max, "a whole number from " + min + " to " + max);
  }

  /// @param allowed the allowed values, in words
  OptionalInt integer(String key, int min, int max, String allowed) {
    return reader.integer(
        key,
        min,
        max,
        () ->
            allowed
                + (find(key).filter(JsonString.class::isInstance).isPresent()
                    ? ", no string"
                    : ""));
  }

  Optional<Fields> nested(String key) {
    return reader.object(key).map(nested -> new Fields(nested, problems));
  }

  Optional<List<JsonValue>> list(String key, String allowed) {
    return reader.list(key, allowed);
  }

  /// Throws the problems collected so far, if there are any.
  void throwIfRefused() throws InvalidConfigException {
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
  }

  /// The number that `text` gives in decimal digits with an optional sign (Go's `Atoi`); empty for
  /// any other text and for a number beyond 64 bits.
  static OptionalLong wholeNumber(String text) {
    if (!WHOLE_NUMBER.matcher(text).matches()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }
}
