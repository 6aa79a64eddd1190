package dev.podbond.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        // A document, a field of Go, and what encoding/json would put there.
        "{\"mode\":1}                       | mode   | 1",
        "{\"MODE\":1}                       | mode   | 1",
        "{\"MiiMon\":1}                     | miimon | 1",
        "{\"mode\":1,\"MODE\":2}            | mode   | 2",
        "{\"MODE\":2,\"mode\":1}            | mode   | 1",
        "{\"mode\":1,\"MODE\":2,\"mode\":3} | mode   | 3",
        "{\"mode\":1,\"mode\":2}            | mode   | 2",
        "{\"lin\u212as\":1}                 | links  | 1",
        "{\"link\u017f\":1}                 | links  | 1",
        "{\"m\u0130imon\":1}                | miimon | absent",
        "{\"m\u0131imon\":1}                | miimon | absent",
        "{\"mode\":null}                    | mode   | absent",
        "{\"modes\":1}                      | mode   | absent",
        "{}                                 | mode   | absent",
      })
  void find_matches_names_as_go_does(String document, String field, String expected)
      throws Exception {
    Optional<JsonValue> found = Json.parseObject(document).find(field);

    assertThat(found.map(JsonValue::toString).orElse("absent")).isEqualTo(expected);
  }

  @Test
  void get_is_exact_and_tells_null_from_absent() throws Exception {
    JsonObject object = Json.parseObject("{\"a\":null}");

    assertThat(object.get("a")).contains(JsonNull.NULL);
    assertThat(object.get("A")).isEmpty();
  }

  @Test
  void with_replaces_in_place_or_appends_and_without_removes() throws Exception {
    JsonObject object = Json.parseObject("{\"a\":1,\"b\":2}");

    assertThat(object.with("a", JsonNumber.of(3))).hasToString("{\"a\":3,\"b\":2}");
    assertThat(object.with("c", JsonNumber.of(3))).hasToString("{\"a\":1,\"b\":2,\"c\":3}");
    assertThat(object.without("a")).hasToString("{\"b\":2}");
    assertThat(object.without("A")).isEqualTo(object);
    assertThat(object.withoutAny("A")).hasToString("{\"b\":2}");
    assertThat(object).hasToString("{\"a\":1,\"b\":2}");
  }

  @Test
  void a_change_of_the_given_map_does_not_reach_the_object() {
    Map<String, JsonValue> members = new HashMap<>(Map.of("a", JsonNull.NULL));
    JsonObject object = new JsonObject(members);
    members.clear();

    assertThat(object.members()).hasSize(1);
    assertThatThrownBy(() -> object.members().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void the_builder_leaves_out_what_is_not_there() {
    JsonObject object =
        JsonObject.builder()
            .put("s", "x")
            .put("n", 7)
            .put("b", false)
            .putIfPresent("none", Optional.<JsonValue>empty())
            .putIfPresent("some", Optional.of("y"), JsonString::new)
            .putIfPresent("int", OptionalInt.empty())
            .build();

    assertThat(object).hasToString("{\"s\":\"x\",\"n\":7,\"b\":false,\"some\":\"y\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "1.", "01", "+1", "1e", " 1", "0x1", "١"})
  void a_number_of_other_text_cannot_be_made(String text) {
    assertThatThrownBy(() -> new JsonNumber(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void long_value_is_exact_or_fails() {
    assertThat(new JsonNumber("-9223372036854775808").longValue()).isEqualTo(Long.MIN_VALUE);
    assertThat(new JsonNumber("-0").longValue()).isZero();
    for (String text : new String[] {"9223372036854775808", "1.0", "1e3", "0.5"}) {
      assertThatThrownBy(() -> new JsonNumber(text).longValue())
          .as(text)
          .isInstanceOf(ArithmeticException.class);
    }
  }
}
