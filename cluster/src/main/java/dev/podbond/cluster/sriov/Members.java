package dev.podbond.cluster.sriov;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads members of an object that passed its schema; what is not of the expected type is absent.
public final class Members {
  /// Of the name of an object (RFC 1123 subdomain); those of namespaces and resources are shorter.
  private static final int MAX_NAME = 253;

  private Members() {}

  /// A string of at least one character.
  public static Optional<String> text(JsonObject object, String key) {
    return object.get(key).orElse(object) instanceof JsonString(String text) && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  /// A whole number of 32 bits.
  public static OptionalInt number(JsonObject object, String key) {
    if (object.get(key).orElse(object) instanceof JsonNumber number && number.isIntegral()) {
      try {
        return OptionalInt.of(Math.toIntExact(number.longValue()));
      } catch (ArithmeticException _) {
        // No count or MTU is that large: as good as absent.
      }
    }
    return OptionalInt.empty();
  }

  /// Whether the member is `true`.
  public static boolean flag(JsonObject object, String key) {
    return object.get(key).orElse(object) == JsonBoolean.TRUE;
  }

  /// The member if it is an object, else an empty one.
  public static JsonObject object(JsonObject object, String key) {
    return object.get(key).orElse(JsonNull.NULL) instanceof JsonObject inner
        ? inner
        : JsonObject.of();
  }

  /// The objects in a list.
  public static List<JsonObject> objects(JsonObject object, String key) {
    return list(object, key).stream()
        .filter(JsonObject.class::isInstance)
        .map(JsonObject.class::cast)
        .toList();
  }

  /// The strings in a list.
  public static List<String> texts(JsonObject object, String key) {
    return list(object, key).stream()
        .filter(JsonString.class::isInstance)
        .map(element -> ((JsonString) element).value())
        .toList();
  }

  /// Refuses text in the place of a name that is longer than any name of Kubernetes.
  static void requireNames(String... texts) {
    for (String text : texts) {
      if (text.length() > MAX_NAME) {
        throw new IllegalArgumentException(
            "a name in it has " + text.length() + " characters: it has at most " + MAX_NAME);
      }
    }
  }

  private static List<JsonValue> list(JsonObject object, String key) {
    return object.get(key).orElse(object) instanceof JsonArray(List<JsonValue> elements)
        ? elements
        : List.of();
  }
}
