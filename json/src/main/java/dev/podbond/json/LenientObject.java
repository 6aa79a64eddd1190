package dev.podbond.json;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Members of an object that another program has checked, for example an API server by its schema:
/// a member of an unexpected type counts as absent.
public final class LenientObject {
  private LenientObject() {}

  /// A string of at least one character.
  public static Optional<String> text(JsonObject object, String key) {
    return JsonReader.lenient(object).nonEmptyString(key);
  }

  /// A whole number of 32 bits.
  public static OptionalInt number(JsonObject object, String key) {
    return JsonReader.lenient(object).integer(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /// The member if it is an object, otherwise an empty object.
  public static JsonObject object(JsonObject object, String key) {
    return JsonReader.lenient(object).object(key).map(JsonReader::object).orElse(JsonObject.of());
  }

  /// The objects in a list.
  public static List<JsonObject> objects(JsonObject object, String key) {
    return JsonReader.lenient(object).objects(key).stream().map(JsonReader::object).toList();
  }

  /// The strings in a list.
  public static List<String> texts(JsonObject object, String key) {
    return JsonReader.lenient(object).strings(key);
  }
}
