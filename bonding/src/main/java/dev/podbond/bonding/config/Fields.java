package dev.podbond.bonding.config;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// One object of a configuration, read field by field with Go's rules for keys. What is wrong goes
/// to a list of problems that all objects of the configuration share, and counts as absent.
///
/// @param path what to put before a key in messages, as `links[0].`
record Fields(JsonObject object, String path, List<ConfigProblem> problems) {
  Optional<JsonValue> find(String key) {
    return object.find(key);
  }

  String where(String key) {
    return path + key;
  }

  void refuse(ConfigProblem problem) {
    problems.add(problem);
  }

  void refuse(String key, JsonValue found, String remedy) {
    refuse(ConfigProblem.of(where(key), found, remedy));
  }

  /// A string; the empty one is a string.
  Optional<String> string(String key, String allowed) {
    Optional<JsonValue> found = find(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (found.get() instanceof JsonString(String text)) {
      return Optional.of(text);
    }
    refuse(key, found.get(), "it must be " + allowed + ", as a string");
    return Optional.empty();
  }

  /// A string where Go's zero value "" means that nothing is asked for.
  Optional<String> filledString(String key, String allowed) {
    return string(key, allowed).filter(text -> !text.isEmpty());
  }

  boolean flag(String key, boolean absent) {
    Optional<JsonValue> found = find(key);
    if (found.isEmpty()) {
      return absent;
    }
    if (found.get() instanceof JsonBoolean flag) {
      return flag.value();
    }
    refuse(key, found.get(), "it must be true or false, without quotes");
    return absent;
  }

  /// A JSON number without fraction or exponent, as Go wants it for an int field.
  OptionalInt integer(String key, int min, int max) {
    return integer(key, min, max, "it must be a whole number from " + min + " to " + max);
  }

  /// @param allowed what is allowed, in words
  OptionalInt integer(String key, int min, int max, String allowed) {
    Optional<JsonValue> found = find(key);
    if (found.isEmpty()) {
      return OptionalInt.empty();
    }
    OptionalLong number =
        found.get() instanceof JsonNumber json ? wholeNumber(json.text()) : OptionalLong.empty();
    if (number.isPresent() && number.getAsLong() >= min && number.getAsLong() <= max) {
      return OptionalInt.of((int) number.getAsLong());
    }
    refuse(key, found.get(), allowed + (found.get() instanceof JsonString ? ", no string" : ""));
    return OptionalInt.empty();
  }

  Optional<Fields> nested(String key) {
    Optional<JsonValue> found = find(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (found.get() instanceof JsonObject nested) {
      return Optional.of(new Fields(nested, where(key) + ".", problems));
    }
    refuse(key, found.get(), "it must be an object");
    return Optional.empty();
  }

  Optional<List<JsonValue>> list(String key, String allowed) {
    Optional<JsonValue> found = find(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (found.get() instanceof JsonArray(List<JsonValue> elements)) {
      return Optional.of(elements);
    }
    refuse(key, found.get(), "it must be " + allowed);
    return Optional.empty();
  }

  /// Throws what was collected so far, if anything was.
  void throwIfRefused() throws InvalidConfigException {
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
  }

  /// The number that `text` writes in decimal digits with an optional sign (Go's `Atoi`); empty for
  /// any other text and for what does not fit into 64 bits.
  static OptionalLong wholeNumber(String text) {
    if (!text.matches("[+-]?[0-9]+")) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }
}
