package dev.podbond.parity;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.List;
import java.util.Map;

/// JSON as facets: each value under its path, each container by its type.
final class Flattening {
  private Flattening() {}

  static void add(Map<String, String> facets, String path, JsonValue value) {
    switch (value) {
      case JsonObject(Map<String, JsonValue> members) -> {
        facets.put(path, "{}");
        members.forEach((key, member) -> add(facets, path + "." + key, member));
      }
      case JsonArray(List<JsonValue> elements) -> {
        facets.put(path, "[]");
        for (int index = 0; index < elements.size(); index++) {
          add(facets, path + "." + index, elements.get(index));
        }
      }
      case JsonString(String text) -> facets.put(path, text);
      case JsonNumber(String text) -> facets.put(path, text);
      case JsonBoolean literal -> facets.put(path, literal.toString());
      case JsonNull _ -> facets.put(path, "null");
    }
  }
}
