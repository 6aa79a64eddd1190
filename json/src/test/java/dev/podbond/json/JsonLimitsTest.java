package dev.podbond.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
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

  private static JsonExcerpt.Request request() {
    return new JsonExcerpt.Request("config", new JsonLimits(50, 5), new JsonLimits(200, 30), "sum");
  }

  private static JsonObject excerpt(String text, StringBuilder read) throws JsonException {
    return JsonExcerpt.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), request(), read::append);
  }

  @Test
  void anExcerptLeavesOutWhatIsTooLargeAndTellsItsText() throws Exception {
    JsonObject whole =
        Json.parseObject(
            """
            {"a": "\\u0001\\"x", "config": {
               "many": [[], [], [], [], {"b": [1.50, 1e3]}],
               "long": {"text": "%s"},
               "small": {"x": [true, null]}, "one": -0}, "list": [1, 2], "sum": "00"}
            """
                .formatted("y".repeat(60)));
    StringBuilder read = new StringBuilder();
    JsonObject excerpt = excerpt(whole.toPrettyString(), read);
    assertThat(read.toString()).isEqualTo(whole.without("sum").toString());
    assertThat(excerpt)
        .isEqualTo(
            whole.with(
                "config", Json.parseObject("{\"small\": {\"x\": [true, null]}, \"one\": -0}")));
  }

  @Test
  void anExcerptOfASmallDocumentIsTheDocument() throws Exception {
    long seed = Long.getLong("podbond.seed", 7);
    RandomJson random = new RandomJson(new Random(seed));
    for (int i = 0; i < 200; i++) {
      JsonObject whole = JsonObject.of("config", random.value(2));
      StringBuilder read = new StringBuilder();
      JsonExcerpt.Request all =
          new JsonExcerpt.Request("config", JsonLimits.MOST, JsonLimits.MOST, "sum");
      JsonObject excerpt =
          JsonExcerpt.read(
              new ByteArrayInputStream(whole.toPrettyString().getBytes(StandardCharsets.UTF_8)),
              all,
              read::append);
      assertThat(excerpt).as("seed %d", seed).isEqualTo(whole);
      assertThat(read.toString()).as("seed %d", seed).isEqualTo(whole.toString());
    }
  }

  @Test
  void whatCannotBeLeftOutIsRefused() {
    String text = "{\"routes\": [" + "0,".repeat(40) + "0]}";
    assertThatExceptionOfType(JsonTooLargeException.class)
        .isThrownBy(() -> excerpt(text, new StringBuilder()))
        .withMessage("the document has 42 values, of which at most 30 are allowed");
  }
}
