package dev.podbond.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
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
        // A document, a field of Go, and the value that encoding/json would put there.
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
  void findMatchesNamesAsGoDoes(String document, String field, String expected) throws Exception {
    Optional<JsonValue> found = Json.parseObject(document).find(field);

    assertThat(found.map(JsonValue::toString).orElse("absent")).isEqualTo(expected);
  }

  @Test
  void getIsExactAndTellsNullFromAbsent() throws Exception {
    JsonObject object = Json.parseObject("{\"a\":null}");

    assertThat(object.get("a")).contains(JsonNull.NULL);
    assertThat(object.get("A")).isEmpty();
  }

  @Test
  void withReplacesInPlaceOrAppendsAndWithoutRemoves() throws Exception {
    JsonObject object = Json.parseObject("{\"a\":1,\"b\":2}");

    assertThat(object.with("a", JsonNumber.of(3))).hasToString("{\"a\":3,\"b\":2}");
    assertThat(object.with("c", JsonNumber.of(3))).hasToString("{\"a\":1,\"b\":2,\"c\":3}");
    assertThat(object.without("a")).hasToString("{\"b\":2}");
    assertThat(object.without("A")).isEqualTo(object);
    assertThat(object.withoutAny("A")).hasToString("{\"b\":2}");
    assertThat(object).hasToString("{\"a\":1,\"b\":2}");
  }

  @Test
  void aChangeOfTheGivenMapDoesNotReachTheObject() {
    Map<String, JsonValue> members = new HashMap<>(Map.of("a", JsonNull.NULL));
    JsonObject object = new JsonObject(members);
    members.clear();

    assertThat(object.members()).hasSize(1);
    assertThatThrownBy(() -> object.members().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void theBuilderLeavesOutWhatIsNotThere() {
    JsonObject object =
        JsonObject.builder()
            .put("s", "x")
            .put("n", 7)
            .put("b", false)
            .putIfPresent("none", Optional.<JsonValue>empty())
            .putIfPresent("some", Optional.of("y"), JsonString::new)
            .putIfPresent("int", OptionalInt.empty())
            .putIfPresent("long", OptionalLong.empty())
            .build();

    assertThat(object).hasToString("{\"s\":\"x\",\"n\":7,\"b\":false,\"some\":\"y\"}");
    assertThat(
            JsonObject.builder()
                .putIfPresent("some", Optional.of(JsonNull.NULL))
                .putIfPresent("int", OptionalInt.of(-1))
                .putIfPresent("long", OptionalLong.of(1L << 32))
                .build())
        .hasToString("{\"some\":null,\"int\":-1,\"long\":4294967296}");
  }

  @Test
  void objectsAndArraysAreMadeOfWhatIsGiven() throws Exception {
    JsonValue[] n = new JsonValue[7];
    Arrays.setAll(n, JsonNumber::of);

    assertThat(JsonObject.of().isEmpty()).isTrue();
    assertThat(JsonObject.of("a", n[1]).isEmpty()).isFalse();
    assertThat(JsonObject.of("a", n[1])).hasToString("{\"a\":1}");
    assertThat(JsonObject.of("a", n[1], "b", n[2])).hasToString("{\"a\":1,\"b\":2}");
    assertThat(JsonObject.of("a", n[1], "b", n[2], "c", n[3]))
        .isEqualTo(Json.parseObject("{\"a\":1,\"b\":2,\"c\":3}".getBytes(UTF_8)));
    assertThat(JsonObject.of("a", n[1], "b", n[2], "c", n[3], "d", n[4]))
        .hasToString("{\"a\":1,\"b\":2,\"c\":3,\"d\":4}");
    assertThat(JsonObject.of("a", n[1], "b", n[2], "c", n[3], "d", n[4], "e", n[5]))
        .hasToString("{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5}");
    assertThat(JsonObject.of("a", n[1], "b", n[2], "c", n[3], "d", n[4], "e", n[5], "f", n[6]))
        .hasToString("{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6}");
    assertThat(JsonArray.ofStrings(List.of("x", "y"))).hasToString("[\"x\",\"y\"]");
    assertThat(JsonArray.of(n[1], n[2]).stream()).containsExactly(n[1], n[2]);
  }

  @Test
  void nullIsAValueOfItsOwnAndNeverJavas() {
    Map<String, JsonValue> members = new HashMap<>();
    members.put("a", null);

    assertThatThrownBy(() -> new JsonObject(members))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("a");
  }

  @ParameterizedTest
  @CsvSource({"0, true", "-12, true", "1.0, false", "1e3, false", "0.5, false"})
  void aNumberTellsWhetherGoTakesItForAnInteger(String text, boolean integral) {
    assertThat(new JsonNumber(text).isIntegral()).isEqualTo(integral);
  }

  @Test
  void halfASurrogatePairIsEscapedAndAWholeOneIsNot() {
    assertThat(new JsonString("x\ud800")).hasToString("\"x\\ud800\"");
    assertThat(new JsonString("\udc00\ud800x")).hasToString("\"\\udc00\\ud800x\"");
    assertThat(new JsonString("\ud83d\ude00")).hasToString("\"\ud83d\ude00\"");
  }

  @Test
  void onlyWhatMustBeIsEscaped() {
    assertThat(new JsonString(" !~é€\u007f\u001f\b\n\"\\"))
        .hasToString("\" !~é€\\u007f\\u001f\\u0008\\n\\\"\\\\\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "1.", "01", "+1", "1e", " 1", "0x1", "١"})
  void aNumberOfOtherTextCannotBeMade(String text) {
    assertThatThrownBy(() -> new JsonNumber(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void longValueIsExactOrFails() {
    assertThat(new JsonNumber("-9223372036854775808").longValue()).isEqualTo(Long.MIN_VALUE);
    assertThat(new JsonNumber("-0").longValue()).isZero();
    for (String text : new String[] {"9223372036854775808", "1.0", "1e3", "0.5"}) {
      assertThatThrownBy(() -> new JsonNumber(text).longValue())
          .as(text)
          .isInstanceOf(ArithmeticException.class);
    }
  }
}
