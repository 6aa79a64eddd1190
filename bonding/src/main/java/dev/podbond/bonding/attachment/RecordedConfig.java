package dev.podbond.bonding.attachment;

import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a record keeps of a configuration, in which a runtime delivers much that only ADD needs.
///
/// DEL has the IPAM plugin release by it, CHECK and repair read from it what was made. So the
/// network and its type, `ipam` and `links` are kept whole; anything else is what an IPAM plugin
/// may look at, which is short: what is long is left out, and the results of plugins before are
/// never kept.
public final class RecordedConfig {
  private static final Set<String> WHOLE = Set.of("cniVersion", "name", "type", "ipam", "links");
  private static final Set<String> LEFT_OUT =
      Set.of("prevResult", "cni.dev/valid-attachments", "cni.dev/attachments");

  /// These are looked through member by member.
  private static final Set<String> LOOKED_THROUGH = Set.of("args", "runtimeConfig");

  private static final int MOST_CHARS_EACH = 1024;
  private static final int MOST_CHARS = 8 * 1024;

  private int room = MOST_CHARS;

  private RecordedConfig() {}

  /// What is kept of a configuration.
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

  /// The members of an object that are short, and of those that are not the members that are.
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

  /// Whether Go would read this member and not a later one of nearly the same name.
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
