package dev.podbond.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLimitsTest {
  private static final JsonLimits SMALL = new JsonLimits(100, 10);

  @Test
  void asManyValuesAsAllowedAreRead() throws Exception {
    assertThat(Json.parse("[1,2,3,4,5,6,7,8,{}]", SMALL).kind()).isEqualTo("array");
    assertThat(Json.parse(" ".repeat(98) + "[]", SMALL)).isEqualTo(JsonArray.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1,2,3,4,5,6,7,8,9,10] | 11",
        "[{},{},{},{},{},{},{},{},{},{},{}] | 12",
        "{\"a\":[[[[[[[[[[0]]]]]]]]]],\"b\":null} | 13",
        "[[0],[0],[0],[0],[0],[0]] | 13"
      })
  void moreValuesAreRefusedWithTheFoundAndTheAllowedNumber(String text, int found) {
    assertThatExceptionOfType(JsonTooLargeException.class)
        .isThrownBy(() -> Json.parse(text, SMALL))
        .withMessage(
            "the document has %d values, of which at most 10 are allowed".formatted(found));
  }

  @Test
  void aLongerTextIsRefusedWithTheFoundAndTheAllowedLength() {
    String text = "[" + " ".repeat(120) + "]";
    assertThatExceptionOfType(JsonTooLargeException.class)
        .isThrownBy(() -> Json.parse(text.getBytes(StandardCharsets.UTF_8), SMALL))
        .withMessage("the document has 122 bytes, of which at most 100 are allowed");
  }

  @Test
  void whatIsBeyondTheLimitAndNoJsonIsNoJson() {
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> Json.parse("[1,2,3,4,5,6,7,8,9,10,11,}", SMALL))
        .isNotInstanceOf(JsonTooLargeException.class);
  }

  @Test
  void anObjectIsReadUpToTheLimitsFromTextAndFromBytes() throws Exception {
    String text = "{\"a\":[1,2,3,4,5,6,7,8]}";
    assertThat(Json.parseObject(text, SMALL)).hasToString(text);
    assertThat(Json.parseObject(text.getBytes(StandardCharsets.UTF_8), SMALL)).hasToString(text);

    String beyond = text.replace("8", "8,9");
    assertThatExceptionOfType(JsonTooLargeException.class)
        .isThrownBy(() -> Json.parseObject(beyond, SMALL));
    assertThatExceptionOfType(JsonTooLargeException.class)
        .isThrownBy(() -> Json.parseObject(beyond.getBytes(StandardCharsets.UTF_8), SMALL));
  }
}
