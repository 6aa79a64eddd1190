package dev.podbond.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Of a document of any size only as much is kept as is allowed, and its whole text is handed on.
class JsonExcerptTest {
  private static JsonExcerpt.Request request() {
    return new JsonExcerpt.Request("config", new JsonLimits(50, 5), new JsonLimits(200, 30), "sum");
  }

  private static JsonObject excerpt(String text, StringBuilder read)
      throws JsonException, IOException {
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

  private static boolean comesBack(JsonObject whole) throws IOException {
    try {
      return excerpt(whole.toString(), new StringBuilder()).equals(whole);
    } catch (JsonException _) {
      return false;
    }
  }

  @Test
  void whatIsKeptAsAWholeIsKnownWithoutReadingIt() throws Exception {
    long seed = Long.getLong("podbond.seed", 7);
    RandomJson random = new RandomJson(new Random(seed));
    int kept = 0;
    int cut = 0;
    for (int i = 0; i < 2000; i++) {
      JsonObject whole =
          random.object(2).with("config", random.object(2)).with("list", random.value(3));
      boolean expected = JsonExcerpt.keepsAll(whole, request());
      boolean isSure = whole.toString().chars().noneMatch(c -> Character.isSurrogate((char) c));
      if (expected || isSure) {
        assertThat(comesBack(whole)).as("seed %d: %s", seed, whole).isEqualTo(expected);
      }
      kept += expected ? 1 : 0;
      cut += expected ? 0 : 1;
    }
    assertThat(kept).isGreaterThan(100);
    assertThat(cut).isGreaterThan(100);
  }

  @Test
  void whatCannotBeReadIsKnownWithoutReadingIt() {
    JsonExcerpt.Request all =
        new JsonExcerpt.Request("config", JsonLimits.MOST, JsonLimits.MOST, "sum");
    JsonValue deep = new JsonString("x");
    for (int i = 1; i < Json.MAX_DEPTH; i++) {
      deep = i % 2 == 0 ? JsonObject.of("x", deep) : new JsonArray(List.of(deep));
    }
    JsonValue deeper = JsonObject.of("x", deep);
    assertThat(JsonExcerpt.keepsAll(JsonObject.of("a", deep), all)).isTrue();
    assertThat(JsonExcerpt.keepsAll(JsonObject.of("a", deeper), all)).isFalse();
    String name = "x".repeat(Json.MAX_NAME_CHARS);
    for (String bad : List.of(name + "x", "\ud800", "\udc00x")) {
      for (JsonObject object :
          List.of(
              JsonObject.of(bad, JsonNull.NULL),
              JsonObject.of("config", JsonObject.of(bad, JsonNull.NULL)),
              JsonObject.of("a", JsonObject.of(bad, JsonNull.NULL)))) {
        assertThat(JsonExcerpt.keepsAll(object, all)).isFalse();
      }
    }
    assertThat(JsonExcerpt.keepsAll(JsonObject.of(name, JsonNull.NULL), all)).isTrue();
  }

  @Test
  void aLongTextIsHandedOnInPiecesOfWholeValues() throws Exception {
    JsonObject whole =
        JsonObject.of(
            "list", new JsonArray(Collections.nCopies(9000, new JsonString("x\ud83d\ude00"))));
    List<String> pieces = new ArrayList<>();
    JsonObject read =
        JsonExcerpt.read(
            new ByteArrayInputStream(whole.toString().getBytes(StandardCharsets.UTF_8)),
            new JsonExcerpt.Request("config", JsonLimits.MOST, JsonLimits.MOST, "sum"),
            pieces::add);
    assertThat(read).isEqualTo(whole);
    assertThat(String.join("", pieces)).isEqualTo(whole.toString());
    assertThat(pieces).hasSizeBetween(5, 10);
  }

  @Test
  void whatCannotBeLeftOutIsRefused() {
    String text = "{\"routes\": [" + "0,".repeat(40) + "0]}";
    assertThatExceptionOfType(JsonTooLargeException.class)
        .isThrownBy(() -> excerpt(text, new StringBuilder()))
        .withMessage("the document has 42 values, of which at most 30 are allowed");
  }

  /// Of a configuration's part, 5 values and 50 characters are kept.
  private static boolean isKept(String part) throws JsonException, IOException {
    String text = "{\"config\":{\"part\":" + part + ",\"next\":1}}";
    StringBuilder read = new StringBuilder();
    JsonObject config = (JsonObject) excerpt(text, read).get("config").orElseThrow();
    JsonObject whole = (JsonObject) Json.parseObject(text).get("config").orElseThrow();
    boolean kept = config.get("part").isPresent();
    assertThat(config).isEqualTo(kept ? whole : whole.without("part"));
    assertThat(read.toString()).isEqualTo(text);
    return kept;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1,2,3,4]                             | [1,2,3,4,5]",
        "[[],{},[],{}]                         | [[],{},[],{},[]]",
        "{\"a\":1,\"b\":2,\"c\":3,\"d\":4} | {\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5}",
        "[[[[[]]]]]                            | [[[[[[]]]]]]",
      })
  void aPartIsKeptUpToItsNumberOfValuesAndAsAWhole(String most, String oneMore) throws Exception {
    assertThat(isKept(most)).isTrue();
    assertThat(isKept(oneMore)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // A part, and how many x make its values, names and brackets 50 characters long.
        "\"x\"               | 48",
        "[\"x\"]             | 46",
        "{\"name\":\"x\"}  | 42",
        "{\"x\":1}           | 47",
        "[[[[\"x\"]]]]       | 40",
        "[{},[],{},\"x\"]    | 40",
      })
  void aPartIsKeptUpToItsLengthAndAsAWhole(String part, int most) throws Exception {
    assertThat(isKept(part.replace("x", "x".repeat(most)))).isTrue();
    assertThat(isKept(part.replace("x", "x".repeat(most + 1)))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // What is repeated, how often at most, and what is wrong with one more.
        "0                       | 29 | 31 values, of which at most 30",
        "\"0123456789abcdefg\" | 10 | 211 bytes, of which at most 200",
      })
  void whatMustBeKeptIsReadUpToTheLimitOfTheWhole(String value, int most, String oneMore)
      throws Exception {
    String text = "{\"list\":[" + (value + ",").repeat(most - 1) + value + "]}";
    assertThat(excerpt(text, new StringBuilder())).hasToString(text);
    assertThatExceptionOfType(JsonTooLargeException.class)
        .isThrownBy(() -> excerpt(text.replace("[", "[" + value + ","), new StringBuilder()))
        .withMessage("the document has " + oneMore + " are allowed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1,2,3,4]                                            | 6 | 35 values, of which at most 30",
        "\"0123456789abcdefghijklmnopqrstuvwxyz0123456789ab\" | 4 | 250 bytes, of which at most 200",
      })
  void keptPartsTogetherReachTheLimitOfTheWholeAndOthersDoNotCount(
      String part, int most, String oneMore) throws Exception {
    JsonObject.Builder parts = JsonObject.builder();
    JsonValue tooLarge = new JsonString("x".repeat(60));
    for (int i = 0; i < most; i++) {
      parts.put("p" + i, Json.parse(part)).put("l" + i, tooLarge);
    }
    JsonObject kept = parts.build();
    for (int i = 0; i < most; i++) {
      kept = kept.without("l" + i);
    }
    assertThat(excerpt(JsonObject.of("config", parts.build()).toString(), new StringBuilder()))
        .isEqualTo(JsonObject.of("config", kept));

    String beyond = JsonObject.of("config", parts.put("more", Json.parse(part)).build()).toString();
    assertThatExceptionOfType(JsonTooLargeException.class)
        .isThrownBy(() -> excerpt(beyond, new StringBuilder()))
        .withMessage("the document has " + oneMore + " are allowed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~               | the document is not an object",
        "[]               | the document is not an object",
        "{} {}            | something follows the document",
        "{\"a\": x}     | line 1, column 7: no JSON",
        "{\"a\": [1     | line 1, column 9: the document ends too early",
      })
  void whatIsNoObjectIsRefused(String text, String message) {
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> excerpt(text, new StringBuilder()))
        .withMessage(message);
  }

  @Test
  void whatIsBeyondTheLimitsOfAnyDocumentIsRefused() {
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(
            () -> excerpt("{\"a\":" + "[".repeat(Json.MAX_DEPTH) + "0", new StringBuilder()))
        .withMessage(
            "too large: at most 16777216 bytes, 100 levels, 1000000 names, values and brackets");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0xc0, 0xff, 0xed})
  void bytesThatAreNoUtf8AreRefused(int odd) {
    byte[] bytes = {'{', '"', (byte) odd, (byte) 0xa0, '"', ':', '0', '}'};
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> JsonExcerpt.read(new ByteArrayInputStream(bytes), request(), _ -> {}))
        .withMessage("the document is not valid UTF-8");
  }

  /// A disk that fails says nothing about the document: nobody may take it for a damaged one.
  @Test
  void aStreamThatFailsIsNoFaultOfTheDocument() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("Input/output error");
          }
        };
    InputStream beginning =
        new ByteArrayInputStream("{\"config\":".getBytes(StandardCharsets.UTF_8));
    assertThatIOException()
        .isThrownBy(
            () -> JsonExcerpt.read(new SequenceInputStream(beginning, failing), request(), _ -> {}))
        .withMessage("Input/output error");
  }
}
