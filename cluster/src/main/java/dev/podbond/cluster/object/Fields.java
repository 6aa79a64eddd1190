package dev.podbond.cluster.object;

import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.source.Position;
import dev.podbond.cluster.source.SourceValue;
import dev.podbond.cluster.source.Written;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonPlace;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// The fields of one mapping of an object, read with their types; `null` counts as absent.
///
/// @param object the object's name in messages
/// @param path the place of the mapping in the object, as "spec.nicSelector"; "" for the object
///   itself
record Fields(SourceValue.Mapping mapping, String object, String path) {
  /// Words that are booleans in the YAML 1.1 of Kubernetes, but strings in YAML 1.2.
  private static final Set<String> YAML_1_1_BOOLEANS = Set.of("y", "n", "yes", "no", "on", "off");

  Position at() {
    return mapping.at();
  }

  /// Refuses keys that the mapping cannot have.
  Fields onlyKnowing(Set<String> known) throws LocatedException {
    for (Map.Entry<String, SourceValue> entry : mapping.entries().entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw new LocatedException(
            entry.getValue().at(),
            object,
            "unknown field "
                + name(entry.getKey())
                + "; known are "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
    return this;
  }

  Optional<String> string(String key) throws LocatedException {
    Optional<SourceValue> value = value(key);
    return value.isPresent() ? Optional.of(text(name(key), value.get())) : Optional.empty();
  }

  /// A string; an empty one counts as absent, as for Go's `omitempty`.
  Optional<String> nonEmptyString(String key) throws LocatedException {
    return string(key).filter(text -> !text.isEmpty());
  }

  String requiredString(String key) throws LocatedException {
    return nonEmptyString(key).orElseThrow(() -> missing(key));
  }

  /// A string that must be one of some words.
  Optional<String> oneOf(String key, List<String> words) throws LocatedException {
    Optional<String> word = nonEmptyString(key);
    if (word.isPresent() && !words.contains(word.get())) {
      throw problem(key, "\"" + word.get() + "\" is not one of " + String.join(", ", words));
    }
    return word;
  }

  OptionalInt integer(String key, int min, int max) throws LocatedException {
    Optional<SourceValue> value = value(key);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (value.get().toJson() instanceof JsonNumber number && number.isIntegral()) {
      try {
        long found = number.longValue();
        if (min <= found && found <= max) {
          return OptionalInt.of((int) found);
        }
      } catch (ArithmeticException _) {
        // More than 64 bits is outside any range; the message below says so.
      }
    }
    throw problem(
        key,
        value.get().toJson()
            + " is not a whole number "
            + (max == Integer.MAX_VALUE ? "of at least " + min : "from " + min + " to " + max));
  }

  boolean flag(String key) throws LocatedException {
    Optional<SourceValue> value = value(key);
    if (value.isEmpty()) {
      return false;
    }
    if (value.get().toJson() instanceof JsonBoolean flag) {
      return flag == JsonBoolean.TRUE;
    }
    throw problem(key, value.get().toJson() + " is neither true nor false");
  }

  Optional<Fields> object(String key) throws LocatedException {
    Optional<SourceValue> value = value(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof SourceValue.Mapping inner) {
      return Optional.of(new Fields(inner, object, name(key)));
    }
    throw problem(key, "a mapping belongs here, found " + value.get().aKind());
  }

  Fields requiredObject(String key) throws LocatedException {
    return object(key).orElseThrow(() -> missing(key));
  }

  List<SourceValue> list(String key) throws LocatedException {
    Optional<SourceValue> value = value(key);
    if (value.isEmpty()) {
      return List.of();
    }
    if (value.get() instanceof SourceValue.Sequence sequence) {
      return sequence.elements();
    }
    throw problem(key, "a list belongs here, found " + value.get().aKind());
  }

  List<String> strings(String key) throws LocatedException {
    List<String> strings = new ArrayList<>();
    for (SourceValue element : list(key)) {
      strings.add(text(name(key), element));
    }
    return List.copyOf(strings);
  }

  /// All fields as strings.
  Map<String, String> allStrings() throws LocatedException {
    Map<String, String> strings = new LinkedHashMap<>();
    for (String key : mapping.entries().keySet()) {
      Optional<String> value = string(key);
      value.ifPresent(text -> strings.put(key, text));
    }
    return strings;
  }

  /// A problem of one field, at its line.
  LocatedException problem(String key, String problem) {
    return new LocatedException(at(key), object, name(key) + ": " + problem);
  }

  /// The error in the JSON that a field holds as text: at its place in the file if that is known,
  /// otherwise at its place in the text.
  ///
  /// @param what the error, as "not a JSON object"
  LocatedException notJson(String key, String text, String what, JsonException e) {
    String is = name(key) + " is " + what + ": ";
    Optional<JsonPlace> inFile =
        e.place().flatMap(place -> written(key).flatMap(as -> as.place(text, place)));
    if (inFile.isPresent()) {
      return new LocatedException(
          new Position(at(key).file(), inFile.get().line()),
          object,
          is + "column " + inFile.get().column() + ": " + e.problem());
    }
    String within = e.place().map(place -> "within it, " + place + ": ").orElse("");
    return new LocatedException(at(key), object, is + within + e.problem());
  }

  private Optional<Written> written(String key) {
    return mapping.entries().get(key) instanceof SourceValue.Scalar scalar
        ? scalar.written()
        : Optional.empty();
  }

  /// The place of a field; if it is absent, the mapping's own place.
  Position at(String key) {
    return Optional.ofNullable(mapping.entries().get(key)).map(SourceValue::at).orElse(at());
  }

  private LocatedException missing(String key) {
    return new LocatedException(at(), object, name(key) + " is missing");
  }

  private Optional<SourceValue> value(String key) {
    return Optional.ofNullable(mapping.entries().get(key))
        .filter(value -> value.toJson() != JsonNull.NULL);
  }

  private String text(String name, SourceValue value) throws LocatedException {
    JsonValue json = value.toJson();
    if (!(json instanceof JsonString(String text))) {
      throw new LocatedException(
          value.at(),
          object,
          name
              + ": a string belongs here, found the "
              + value.kind()
              + " "
              + json
              + "; put it in quotes");
    }
    if (value instanceof SourceValue.Scalar scalar
        && scalar.bareWord()
        && YAML_1_1_BOOLEANS.contains(text.toLowerCase(Locale.ROOT))) {
      throw new LocatedException(
          value.at(),
          object,
          name + ": Kubernetes reads the bare word " + text + " as a boolean; put it in quotes");
    }
    return text;
  }

  private String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
