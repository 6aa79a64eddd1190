package dev.podbond.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/// A JSON object whose members keep their order.
///
/// @param members the members; the map is copied
public record JsonObject(Map<String, JsonValue> members) implements JsonValue {
  private static final JsonObject EMPTY = new JsonObject(Map.of());

  /// Copies the map, so that the object never changes.
  public JsonObject {
    members.forEach((key, value) -> {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(value, key);
    });
    members =
        members.size() <= FewMembers.MOST
            ? FewMembers.copyOf(members)
            : Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /// The empty object.
  public static JsonObject of() {
    return EMPTY;
  }

  /// An object of one member.
  public static JsonObject of(String k1, JsonValue v1) {
    return builder().put(k1, v1).build();
  }

  /// An object of two members.
  public static JsonObject of(String k1, JsonValue v1, String k2, JsonValue v2) {
    return builder().put(k1, v1).put(k2, v2).build();
  }

  /// An object of three members.
  public static JsonObject of(
      String k1, JsonValue v1, String k2, JsonValue v2, String k3, JsonValue v3) {
    return builder().put(k1, v1).put(k2, v2).put(k3, v3).build();
  }

  /// An object of four members.
  public static JsonObject of(
      String k1,
      JsonValue v1,
      String k2,
      JsonValue v2,
      String k3,
      JsonValue v3,
      String k4,
      JsonValue v4) {
    return builder().put(k1, v1).put(k2, v2).put(k3, v3).put(k4, v4).build();
  }

  /// An object of five members.
  public static JsonObject of(
      String k1,
      JsonValue v1,
      String k2,
      JsonValue v2,
      String k3,
      JsonValue v3,
      String k4,
      JsonValue v4,
      String k5,
      JsonValue v5) {
    return builder().put(k1, v1).put(k2, v2).put(k3, v3).put(k4, v4).put(k5, v5).build();
  }

  /// An object of six members.
  public static JsonObject of(
      String k1,
      JsonValue v1,
      String k2,
      JsonValue v2,
      String k3,
      JsonValue v3,
      String k4,
      JsonValue v4,
      String k5,
      JsonValue v5,
      String k6,
      JsonValue v6) {
    return builder()
        .put(k1, v1)
        .put(k2, v2)
        .put(k3, v3)
        .put(k4, v4)
        .put(k5, v5)
        .put(k6, v6)
        .build();
  }

  /// An empty builder.
  public static Builder builder() {
    return new Builder();
  }

  /// The member with exactly this name; a `null` literal is a value like any other.
  public Optional<JsonValue> get(String key) {
    return Optional.ofNullable(members.get(key));
  }

  /// The member that Go's `encoding/json` would decode into a field of this name: the last one
  /// whose name is equal when letter case is ignored. A `null` literal counts as absent.
  public Optional<JsonValue> find(String goKey) {
    return members.entrySet().stream()
        .filter(member -> GoKey.matches(goKey, member.getKey()))
        .map(Map.Entry::getValue)
        .reduce((_, last) -> last)
        .filter(value -> value != JsonNull.NULL);
  }

  /// This object with the member set: in its place if there is one with exactly this name,
  /// otherwise at the end.
  public JsonObject with(String key, JsonValue value) {
    return builder().putAll(this).put(key, value).build();
  }

  /// This object without the member of exactly this name.
  public JsonObject without(String key) {
    if (!members.containsKey(key)) {
      return this;
    }
    Map<String, JsonValue> rest = new LinkedHashMap<>(members);
    rest.remove(key);
    return new JsonObject(rest);
  }

  /// This object without any member that [#find] would consider for this name.
  public JsonObject withoutAny(String goKey) {
    Map<String, JsonValue> rest = new LinkedHashMap<>(members);
    rest.keySet().removeIf(key -> GoKey.matches(goKey, key));
    return rest.size() == members.size() ? this : new JsonObject(rest);
  }

  /// True if there are no members.
  public boolean isEmpty() {
    return members.isEmpty();
  }

  @Override
  public String toString() {
    return JsonText.compact(this);
  }

  /// Collects members in the order they are put. Not for use by several threads.
  public static final class Builder {
    private final Map<String, JsonValue> members = new LinkedHashMap<>();

    private Builder() {}

    /// Sets a member; replaces one with the same name in its place.
    public Builder put(String key, JsonValue value) {
      members.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, key));
      return this;
    }

    /// Sets a string member.
    public Builder put(String key, String value) {
      return put(key, new JsonString(value));
    }

    /// Sets a number member.
    public Builder put(String key, long value) {
      return put(key, JsonNumber.of(value));
    }

    /// Sets a boolean member.
    public Builder put(String key, boolean value) {
      return put(key, JsonBoolean.of(value));
    }

    /// Sets the member if there is a value.
    public Builder putIfPresent(String key, Optional<? extends JsonValue> value) {
      value.ifPresent(v -> put(key, v));
      return this;
    }

    /// Sets the member to the JSON form of the value, if there is one.
    public <T> Builder putIfPresent(
        String key, Optional<T> value, Function<? super T, ? extends JsonValue> toJson) {
      value.ifPresent(v -> put(key, toJson.apply(v)));
      return this;
    }

    /// Sets a number member if there is a value.
    public Builder putIfPresent(String key, OptionalInt value) {
      value.ifPresent(v -> put(key, v));
      return this;
    }

    /// Sets a number member if there is a value.
    public Builder putIfPresent(String key, OptionalLong value) {
      value.ifPresent(v -> put(key, v));
      return this;
    }

    /// Sets every member of the given object.
    public Builder putAll(JsonObject other) {
      members.putAll(other.members);
      return this;
    }

    /// The object of the members so far.
    public JsonObject build() {
      return new JsonObject(members);
    }
  }
}
