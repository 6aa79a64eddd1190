package dev.podbond.bonding.config;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;

/// One thing wrong with a configuration.
///
/// @param key the place, such as `miimon` or `links[1].deviceID`
/// @param found what is there, such as `is "abc"` or `is missing`
/// @param remedy what should be there instead, or what to do
public record ConfigProblem(String key, String found, String remedy) {
  private static final int MAX_SHOWN = 60;

  static ConfigProblem missing(String key, String remedy) {
    return new ConfigProblem(key, "is missing", remedy);
  }

  static ConfigProblem of(String key, JsonValue found, String remedy) {
    return new ConfigProblem(key, "is " + show(found), remedy);
  }

  static ConfigProblem of(String key, long found, String remedy) {
    return new ConfigProblem(key, "is " + found, remedy);
  }

  static ConfigProblem of(String key, String found, String remedy) {
    return new ConfigProblem(key, "is " + quoted(found), remedy);
  }

  /// The value in few words. Strings are quoted, so that "100" and 100 differ.
  private static String show(JsonValue value) {
    return switch (value) {
      case JsonString(String text) -> quoted(text);
      case JsonNumber number -> shortened(number.toString());
      case JsonBoolean flag -> flag.toString();
      case JsonArray(var elements) -> "a list of " + elements.size();
      case JsonObject _ -> "an object";
      case JsonNull _ -> "null";
    };
  }

  private static String quoted(String text) {
    return '"' + shortened(text) + '"';
  }

  private static String shortened(String text) {
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
  }

  @Override
  public String toString() {
    return key + " " + found + ": " + remedy;
  }
}
