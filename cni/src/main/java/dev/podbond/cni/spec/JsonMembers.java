package dev.podbond.cni.spec;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// Typed reading of an object's members with Go's rules: names match without letter case, `null` is
/// absent, and a wrong type is an error of code 6 that says where.
///
/// @param json the object
/// @param where its place in the document, for messages; empty at the top
record JsonMembers(JsonObject json, String where) {

  Optional<String> string(String key) throws CniException {
    Optional<JsonValue> value = json.find(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof JsonString(String text)) {
      return Optional.of(text);
    }
    throw wrongType(key, "a string", value.get());
  }

  /// A string whose empty form means absent, as with Go's `omitempty`.
  Optional<String> nonEmptyString(String key) throws CniException {
    return string(key).filter(text -> !text.isEmpty());
  }

  OptionalLong integer(String key, long least, long most) throws CniException {
    Optional<JsonValue> value = json.find(key);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    if (value.get() instanceof JsonNumber number && number.isIntegral()) {
      try {
        long integer = number.longValue();
        if (integer >= least && integer <= most) {
          return OptionalLong.of(integer);
        }
      } catch (ArithmeticException _) {
        // Too large for any range; the message below says so.
      }
    }
    throw wrongType(key, "an integer from " + least + " to " + most, value.get());
  }

  /// An integer whose zero means absent, as with Go's `omitempty`.
  OptionalInt nonZero(String key) throws CniException {
    OptionalLong value = integer(key, 0, Integer.MAX_VALUE);
    return value.isEmpty() || value.getAsLong() == 0
        ? OptionalInt.empty()
        : OptionalInt.of((int) value.getAsLong());
  }

  Optional<Boolean> bool(String key) throws CniException {
    Optional<JsonValue> value = json.find(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof JsonBoolean literal) {
      return Optional.of(literal.value());
    }
    throw wrongType(key, "true or false", value.get());
  }

  Optional<JsonMembers> object(String key) throws CniException {
    Optional<JsonValue> value = json.find(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof JsonObject object) {
      return Optional.of(new JsonMembers(object, path(key)));
    }
    throw wrongType(key, "an object", value.get());
  }

  List<JsonMembers> objects(String key) throws CniException {
    List<JsonMembers> objects = new ArrayList<>();
    for (JsonValue element : elements(key)) {
      if (!(element instanceof JsonObject object)) {
        throw wrongType(key, "an array of objects", element);
      }
      objects.add(new JsonMembers(object, path(key) + "[" + objects.size() + "]"));
    }
    return objects;
  }

  List<String> strings(String key) throws CniException {
    List<String> strings = new ArrayList<>();
    for (JsonValue element : elements(key)) {
      if (!(element instanceof JsonString(String text))) {
        throw wrongType(key, "an array of strings", element);
      }
      strings.add(text);
    }
    return strings;
  }

  private List<JsonValue> elements(String key) throws CniException {
    Optional<JsonValue> value = json.find(key);
    if (value.isEmpty()) {
      return List.of();
    }
    if (value.get() instanceof JsonArray(List<JsonValue> elements)) {
      return elements;
    }
    throw wrongType(key, "an array", value.get());
  }

  Optional<InetAddress> address(String key) throws CniException {
    Optional<String> text = nonEmptyString(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<InetAddress> address = IpText.parse(text.get());
    if (address.isEmpty()) {
      throw wrongType(key, "an IP address", new JsonString(text.get()));
    }
    return address;
  }

  IpPrefix prefix(String key) throws CniException {
    Optional<String> text = string(key);
    if (text.isEmpty()) {
      throw new CniException(CniErrorCode.DECODING_FAILURE, path(key) + " is missing");
    }
    Optional<IpPrefix> prefix = IpPrefix.parse(text.get());
    if (prefix.isEmpty()) {
      throw wrongType(key, "an address with prefix length", new JsonString(text.get()));
    }
    return prefix.get();
  }

  /// What is left of the object without the given names.
  JsonObject without(Set<String> known) {
    JsonObject rest = json;
    for (String key : known) {
      rest = rest.withoutAny(key);
    }
    return rest;
  }

  private CniException wrongType(String key, String expected, JsonValue found) {
    return new CniException(
        CniErrorCode.DECODING_FAILURE,
        path(key) + " must be " + expected + ", found " + found.kind() + " " + shortened(found));
  }

  private static String shortened(JsonValue value) {
    String text = value.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }

  private String path(String key) {
    return where.isEmpty() ? key : where + "." + key;
  }
}
