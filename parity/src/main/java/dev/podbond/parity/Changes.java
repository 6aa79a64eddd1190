package dev.podbond.parity;

import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.SortedMap;
import java.util.TreeMap;

/// Converts the facets of each call to changes since the call before.
final class Changes {
  private Changes() {}

  static JsonObject between(SortedMap<String, String> before, SortedMap<String, String> after) {
    SortedMap<String, JsonValue> changed = new TreeMap<>();
    before.keySet().stream()
        .filter(key -> !after.containsKey(key))
        .forEach(key -> changed.put(key, JsonNull.NULL));
    after.forEach((key, value) -> {
      if (!value.equals(before.get(key))) {
        changed.put(key, new JsonString(value));
      }
    });
    return new JsonObject(changed);
  }

  static SortedMap<String, String> apply(SortedMap<String, String> before, JsonObject changes) {
    SortedMap<String, String> after = new TreeMap<>(before);
    changes
        .members()
        .forEach((key, value) -> {
          if (value instanceof JsonString(String text)) {
            after.put(key, text);
          } else {
            after.remove(key);
          }
        });
    return after;
  }
}
