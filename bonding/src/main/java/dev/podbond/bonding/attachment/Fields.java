package dev.podbond.bonding.attachment;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.InterfaceName;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/// The members of one JSON object of a record, read with their types and ranges checked.
///
/// @param path where the object stands in the record, for messages
record Fields(String path, JsonObject object) {
  /// Reads one value of a list.
  interface Element<T> {
    T read(String path, JsonValue value) throws InvalidAttachmentException;
  }

  static Fields of(String path, JsonValue value) throws InvalidAttachmentException {
    if (value instanceof JsonObject object) {
      return new Fields(path, object);
    }
    throw new InvalidAttachmentException(path + " is not an object");
  }

  InvalidAttachmentException invalid(String key, String expected) {
    String found = object.get(key).map(JsonValue::toString).orElse("nothing");
    String shown = found.length() > 80 ? found.substring(0, 80) + "..." : found;
    return new InvalidAttachmentException(
        (path.isEmpty() ? key : path + "." + key) + " must be " + expected + ", found " + shown);
  }

  Optional<String> optionalText(String key) throws InvalidAttachmentException {
    Optional<JsonValue> value = object.get(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof JsonString(String text)) {
      return Optional.of(text);
    }
    throw invalid(key, "a string");
  }

  String text(String key) throws InvalidAttachmentException {
    return optionalText(key).orElseThrow(() -> invalid(key, "a string"));
  }

  /// A text in the shape that `parse` knows.
  <T> Optional<T> optional(String key, String expected, Function<String, Optional<T>> parse)
      throws InvalidAttachmentException {
    Optional<String> text = optionalText(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(parse.apply(text.get()).orElseThrow(() -> invalid(key, expected)));
  }

  <T> T required(String key, String expected, Function<String, Optional<T>> parse)
      throws InvalidAttachmentException {
    return optional(key, expected, parse).orElseThrow(() -> invalid(key, expected));
  }

  Optional<String> optionalName(String key) throws InvalidAttachmentException {
    return optional(
        key, "an interface name", text -> Optional.of(text).filter(InterfaceName::isValid));
  }

  String name(String key) throws InvalidAttachmentException {
    return optionalName(key).orElseThrow(() -> invalid(key, "an interface name"));
  }

  Optional<MacAddress> mac(String key) throws InvalidAttachmentException {
    return optional(key, "a MAC address", MacAddress::parse);
  }

  Optional<PciAddress> pci(String key) throws InvalidAttachmentException {
    return optional(key, "a PCI address", PciAddress::parse);
  }

  OptionalInt optionalInteger(String key, int min, int max) throws InvalidAttachmentException {
    Optional<JsonValue> value = object.get(key);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (value.get() instanceof JsonNumber number && number.isIntegral()) {
      try {
        long exact = number.longValue();
        if (exact >= min && exact <= max) {
          return OptionalInt.of((int) exact);
        }
      } catch (ArithmeticException _) {
        // Falls through to the same message: too large is out of range as well.
      }
    }
    throw invalid(key, "an integer from " + min + " to " + max);
  }

  int integer(String key, int min, int max) throws InvalidAttachmentException {
    OptionalInt value = optionalInteger(key, min, max);
    if (value.isEmpty()) {
      throw invalid(key, "an integer from " + min + " to " + max);
    }
    return value.getAsInt();
  }

  Optional<Boolean> optionalFlag(String key) throws InvalidAttachmentException {
    Optional<JsonValue> value = object.get(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof JsonBoolean flag) {
      return Optional.of(flag.equals(JsonBoolean.TRUE));
    }
    throw invalid(key, "true or false");
  }

  boolean flag(String key) throws InvalidAttachmentException {
    return optionalFlag(key).orElseThrow(() -> invalid(key, "true or false"));
  }

  Optional<Fields> optionalObject(String key) throws InvalidAttachmentException {
    Optional<JsonValue> value = object.get(key);
    return value.isEmpty() ? Optional.empty() : Optional.of(of(at(key), value.get()));
  }

  Fields object(String key) throws InvalidAttachmentException {
    return optionalObject(key).orElseThrow(() -> invalid(key, "an object"));
  }

  /// The elements of a list; an absent list is an error, since a record always has all its lists.
  <T> List<T> list(String key, Element<T> element) throws InvalidAttachmentException {
    if (!(object.get(key).orElse(object) instanceof JsonArray(List<JsonValue> values))) {
      throw invalid(key, "a list");
    }
    List<T> elements = new ArrayList<>();
    for (JsonValue value : values) {
      elements.add(element.read(at(key) + "[" + elements.size() + "]", value));
    }
    return elements;
  }

  /// The elements of a list of texts in the shape that `parse` knows.
  <T> List<T> texts(String key, String expected, Function<String, Optional<T>> parse)
      throws InvalidAttachmentException {
    return list(
        key,
        (where, value) -> {
          if (value instanceof JsonString(String text)) {
            return parse
                .apply(text)
                .orElseThrow(() ->
                    new InvalidAttachmentException(
                        where + " must be " + expected + ", found " + value));
          }
          throw new InvalidAttachmentException(where + " must be " + expected);
        });
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
