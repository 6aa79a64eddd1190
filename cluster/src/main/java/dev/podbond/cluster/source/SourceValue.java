package dev.podbond.cluster.source;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A value of the JSON data model that knows where it was written.
public sealed interface SourceValue {
  Position at();

  /// The value without its places.
  JsonValue toJson();

  /// What this value is, as a noun for messages.
  default String kind() {
    return toJson().kind();
  }

  /// The same with its article.
  default String aKind() {
    return toJson().aKind();
  }

  /// A mapping, its keys in the order of the text.
  record Mapping(Position at, Map<String, SourceValue> entries) implements SourceValue {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public JsonObject toJson() {
      JsonObject.Builder object = JsonObject.builder();
      entries.forEach((key, value) -> object.put(key, value.toJson()));
      return object.build();
    }
  }

  /// A sequence.
  record Sequence(Position at, List<SourceValue> elements) implements SourceValue {
    public Sequence {
      elements = List.copyOf(elements);
    }

    @Override
    public JsonArray toJson() {
      return new JsonArray(elements.stream().map(SourceValue::toJson).toList());
    }
  }

  /// A string, number, boolean or null.
  ///
  /// @param bareWord whether it is a string without quotes, to which readers of YAML 1.1, such as
  ///   Kubernetes, may give another type
  /// @param written its form in the file, if it was read from one
  record Scalar(Position at, JsonValue value, boolean bareWord, Optional<Written> written)
      implements SourceValue {
    @Override
    public JsonValue toJson() {
      return value;
    }
  }

  /// A value without a text of its own.
  static SourceValue of(JsonValue json, Position at) {
    return switch (json) {
      case JsonObject object -> {
        Map<String, SourceValue> entries = new LinkedHashMap<>();
        object.members().forEach((key, value) -> entries.put(key, of(value, at)));
        yield new Mapping(at, entries);
      }
      case JsonArray array -> {
        List<SourceValue> elements = new ArrayList<>();
        array.elements().forEach(element -> elements.add(of(element, at)));
        yield new Sequence(at, elements);
      }
      case JsonString _, JsonNumber _, JsonBoolean _, JsonNull _ ->
          new Scalar(at, json, false, Optional.empty());
    };
  }
}
