package dev.podbond.bonding.attachment;

import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The part of a configuration that a record keeps. A runtime delivers much that only ADD needs.
///
/// DEL passes it to the IPAM plugin to release the addresses; CHECK and repair read from it what
/// was made. So it keeps the network and its type, `ipam` and `links` whole. Of the rest, an IPAM
/// plugin needs only short members: it drops long ones, and always the results of earlier plugins.
public final class RecordedConfig {
  private static final Set<String> WHOLE = Set.of("cniVersion", "name", "type", "ipam", "links");
  private static final Set<String> LEFT_OUT =
      Set.of("prevResult", "cni.dev/valid-attachments", "cni.dev/attachments");

  /// Of these, each member is judged by itself.
  private static final Set<String> LOOKED_THROUGH = Set.of("args", "runtimeConfig");

  private static final int MOST_CHARS_EACH = 1024;
  private static final int MOST_CHARS = 8 * 1024;

  private int room = MOST_CHARS;

  private RecordedConfig() {}

  /// The part of a configuration to keep.
  public static JsonObject of(JsonObject config) {
    return new RecordedConfig().kept(config);
  }

  private JsonObject kept(JsonObject config) {
    JsonObject.Builder kept = JsonObject.builder();
    for (Map.Entry<String, JsonValue> member : config.members().entrySet()) {
      String key = member.getKey();
      JsonValue value = member.getValue();
      if (!counts(config, key, value) || isAny(LEFT_OUT, key)) {
        continue;
      }
      if (isAny(WHOLE, key)) {
        kept.put(key, value);
      } else if (isAny(LOOKED_THROUGH, key) && value instanceof JsonObject object) {
        kept.put(key, shortMembers(object, 2));
      } else if (isShort(key, value)) {
        kept.put(key, value);
      }
    }
    return kept.build();
  }

  /// The short members of an object, and the short members of its long members.
  private JsonObject shortMembers(JsonObject object, int depth) {
    JsonObject.Builder kept = JsonObject.builder();
    object
        .members()
        .forEach((key, value) -> {
          if (!counts(object, key, value)) {
            return;
          }
          if (depth > 1 && value instanceof JsonObject inner) {
            kept.put(key, shortMembers(inner, depth - 1));
          } else if (isShort(key, value)) {
            kept.put(key, value);
          }
        });
    return kept.build();
  }

  /// Whether Go would read this member, and not a later one whose name differs only in letter case.
  private static boolean counts(JsonObject object, String key, JsonValue value) {
    return value != JsonNull.NULL && object.find(key).equals(Optional.of(value));
  }

  private boolean isShort(String key, JsonValue value) {
    int chars = key.length() + value.toString().length();
    if (chars > MOST_CHARS_EACH || chars > room) {
      return false;
    }
    room -= chars;
    return true;
  }

  private static boolean isAny(Set<String> names, String key) {
    JsonObject member = JsonObject.of(key, JsonObject.of());
    return names.stream().map(member::find).anyMatch(Optional::isPresent);
  }
}
