package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.yaml.YamlReader;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/// JSON. A document that we read can be written and read again as the same value, stays within the
/// limits, and means the same to another reader.
class JsonFuzz {
  /// Only shorter keys are compared: YAML bounds the length of implicit keys.
  private static final int COMPARABLE_CHARS = 100;

  /// The YAML reader has its own limit.
  private static final int COMPARABLE_DEPTH = 90;

  @FuzzTest
  void document(byte[] bytes) throws JsonException {
    JsonValue value;
    try {
      value = Json.parse(bytes);
    } catch (JsonException e) {
      assertThat(e).hasMessageNotContaining("\0");
      return;
    }
    String compact = value.toString();
    assertThat(Json.parse(compact)).isEqualTo(value);
    assertThat(Json.parse(compact.getBytes(StandardCharsets.UTF_8))).isEqualTo(value);
    assertThat(Json.parse(value.toPrettyString())).isEqualTo(value);
    assertThat(compact.chars()).as("control characters in %s", compact).noneMatch(c -> c < ' ');
    assertThat(depth(value)).isLessThanOrEqualTo(Json.MAX_DEPTH);
    if (isComparable(value) && depth(value) <= COMPARABLE_DEPTH) {
      compareWithYaml(compact, value);
    }
  }

  /// JSON is a subset of YAML 1.2, and the YAML reader shares no code with ours.
  private static void compareWithYaml(String compact, JsonValue value) {
    try {
      var documents = YamlReader.read("json", compact);
      if (value == JsonNull.NULL) {
        assertThat(documents).isEmpty();
      } else {
        assertThat(isSame(documents.getFirst().toJson(), value)).as(compact).isTrue();
      }
    } catch (LocatedException e) {
      throw new AssertionError("JSON that is no YAML: " + compact, e);
    }
  }

  private static int depth(JsonValue value) {
    return switch (value) {
      case JsonObject object ->
          1 + object.members().values().stream().mapToInt(JsonFuzz::depth).max().orElse(0);
      case JsonArray array ->
          1 + array.elements().stream().mapToInt(JsonFuzz::depth).max().orElse(0);
      case JsonString _, JsonNumber _, JsonBoolean _, JsonNull _ -> 0;
    };
  }

  private static boolean isComparable(JsonValue value) {
    return switch (value) {
      case JsonObject object ->
          object.members().entrySet().stream()
              .allMatch(member ->
                  member.getKey().length() < COMPARABLE_CHARS
                      && isPlain(member.getKey())
                      && isComparable(member.getValue()));
      case JsonArray array -> array.elements().stream().allMatch(JsonFuzz::isComparable);
      case JsonString string -> isPlain(string.value());
      // The YAML reader may round longer numbers.
      case JsonNumber number -> number.text().length() < 20;
      case JsonBoolean _, JsonNull _ -> true;
    };
  }

  /// YAML has its own rules for surrogates, Unicode line ends and printable characters.
  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c < 0x7f);
  }

  private static boolean isSame(JsonValue one, JsonValue other) {
    return switch (one) {
      case JsonNumber(String text) ->
          other instanceof JsonNumber(String theirs)
              && (text.equals(theirs)
                  || new BigDecimal(text).compareTo(new BigDecimal(theirs)) == 0);
      case JsonObject object ->
          other instanceof JsonObject theirs
              && object.members().keySet().equals(theirs.members().keySet())
              && object.members().entrySet().stream()
                  .allMatch(
                      member -> isSame(member.getValue(), theirs.members().get(member.getKey())));
      case JsonArray array -> {
        if (!(other instanceof JsonArray theirs)
            || array.elements().size() != theirs.elements().size()) {
          yield false;
        }
        boolean same = true;
        for (int i = 0; i < array.elements().size(); i++) {
          same &= isSame(array.elements().get(i), theirs.elements().get(i));
        }
        yield same;
      }
      case JsonString _, JsonBoolean _, JsonNull _ -> one.equals(other);
    };
  }
}
