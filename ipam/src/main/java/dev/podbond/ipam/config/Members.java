package dev.podbond.ipam.config;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The members of a JSON object, read so that nothing is guessed: what Go's decoder would take by
/// another spelling, of another type, or as `null` is unfamiliar.
public final class Members {
  /// The most ranges, addresses and wishes that are looked at here.
  public static final int MOST = 256;

  private final String where;
  private final JsonObject object;

  private Members(String where, JsonObject object) {
    this.where = where;
    this.object = object;
  }

  /// An object of which every member must be known.
  ///
  /// @param where the object's place, for messages
  public static Members all(String where, JsonValue value, Set<String> known)
      throws UnfamiliarException {
    Members members = some(where, value, known);
    for (String key : members.object.members().keySet()) {
      if (!known.contains(key)) {
        throw members.unfamiliar(key, "is not known here");
      }
    }
    return members;
  }

  /// An object in which others have members too; those that Go would take for one of ours by
  /// another spelling are unfamiliar.
  public static Members some(String where, JsonValue value, Set<String> known)
      throws UnfamiliarException {
    if (!(value instanceof JsonObject object)) {
      throw new UnfamiliarException(where + " is not an object but " + value.aKind());
    }
    Members members = new Members(where, object);
    for (String key : object.members().keySet()) {
      if (!known.contains(key) && known.stream().anyMatch(key::equalsIgnoreCase)) {
        throw members.unfamiliar(key, "is spelled in an unusual way");
      }
    }
    return members;
  }

  /// The place of a member.
  public String place(String key) {
    return where.isEmpty() ? key : where + "." + key;
  }

  /// What to throw about a member.
  ///
  /// @param problem a predicate, such as "is not an address"
  public UnfamiliarException unfamiliar(String key, String problem) {
    return new UnfamiliarException(place(key) + " " + problem);
  }

  /// Whether there is such a member.
  public boolean has(String key) {
    return object.get(key).isPresent();
  }

  /// The member of any type.
  public Optional<JsonValue> value(String key) {
    return object.get(key);
  }

  /// A text of at least one character.
  public Optional<String> text(String key) throws UnfamiliarException {
    Optional<JsonValue> value = object.get(key);
    return value.isEmpty() ? Optional.empty() : Optional.of(filled(key, value.get()));
  }

  private String filled(String key, JsonValue value) throws UnfamiliarException {
    if (value instanceof JsonString(String text) && !text.isEmpty()) {
      return text;
    }
    throw unfamiliar(key, "is not a text of at least one character");
  }

  /// A whole number from 0 to `most`.
  public OptionalLong number(String key, long most) throws UnfamiliarException {
    Optional<JsonValue> value = object.get(key);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    if (value.get() instanceof JsonNumber number
        && number.isIntegral()
        && number.text().length() <= Long.toString(most).length()
        && !number.text().startsWith("-")
        && number.longValue() <= most) {
      return OptionalLong.of(number.longValue());
    }
    throw unfamiliar(key, "is not a whole number from 0 to " + most);
  }

  /// The elements of a list of at most [#MOST]; none if there is no such member.
  public List<JsonValue> fewOf(String key) throws UnfamiliarException {
    List<JsonValue> elements = list(key);
    requireFew(elements.size(), place(key));
    return elements;
  }

  /// Refuses a number of things of which each is compared with each.
  ///
  /// @param what for the message
  public static void requireFew(int count, String what) throws UnfamiliarException {
    if (count > MOST) {
      throw new UnfamiliarException(what + " has more than " + MOST + " elements");
    }
  }

  /// The elements of a list; none if there is no such member.
  public List<JsonValue> list(String key) throws UnfamiliarException {
    Optional<JsonValue> value = object.get(key);
    if (value.isEmpty()) {
      return List.of();
    }
    if (value.get() instanceof JsonArray array) {
      return array.elements();
    }
    throw unfamiliar(key, "is not a list");
  }

  /// The texts of a list of at most [#MOST], each of at least one character.
  public List<String> texts(String key) throws UnfamiliarException {
    List<String> texts = new ArrayList<>();
    for (JsonValue element : fewOf(key)) {
      texts.add(filled(key, element));
    }
    return texts;
  }
}
