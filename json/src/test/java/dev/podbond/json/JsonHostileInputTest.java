package dev.podbond.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonHostileInputTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nul",
        "nullx",
        "True",
        "NaN",
        "Infinity",
        "-Infinity",
        "undefined",
        "{",
        "}",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1 \"b\":2}",
        "{1:2}",
        "{\"a\":1}}",
        "1 2",
        "{} {}",
        "[] x",
        "1abc",
        "01",
        "-01",
        "+1",
        ".5",
        "5.",
        "1e",
        "1e+",
        "-",
        "--1",
        "0x10",
        "1_000",
        "\"abc",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "'a'",
        "// c\n1",
        "/* c */1",
        "# c\n1",
        "\ufeff{}",
        "\u00a01",
        "\u0000",
        "[1]\u0000"
      })
  void textThatRfc8259DoesNotAllowIsRefused(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> Json.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(JsonException.class);
  }

  @Test
  void everyBeginningOfADocumentIsRefused() {
    String text =
        "{\"links\": [{\"name\": \"net1\"}, null, true], \"miimon\": -1.5e3, \"x\": \"\\u00e4\"}";
    for (int end = 0; end < text.length(); end++) {
      String beginning = text.substring(0, end);
      assertThatThrownBy(() -> Json.parse(beginning)).isInstanceOf(JsonException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0xc0, 0xff, 0xed})
  void bytesThatAreNoUtf8AreRefused(int odd) {
    byte[] bytes = {'"', (byte) odd, (byte) 0xa0, '"'};

    assertThatThrownBy(() -> Json.parse(bytes))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"\\ud800\":1}", "{\"\\udc00\":1}"})
  void halfASurrogatePairInANameIsRefused(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonException.class);
  }

  @Test
  void utf16IsRefused() {
    assertThatThrownBy(() -> Json.parse("{}".getBytes(StandardCharsets.UTF_16BE)))
        .isInstanceOf(JsonException.class);
  }

  @Test
  void nestingIsAllowedToTheLimitAndNotBeyond() throws Exception {
    assertThat(Json.parse(nested(Json.MAX_DEPTH))).isInstanceOf(JsonArray.class);
    assertThatThrownBy(() -> Json.parse(nested(Json.MAX_DEPTH + 1)))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("100");
    assertThatThrownBy(() -> Json.parse("[".repeat(1_000_000))).isInstanceOf(JsonException.class);
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  @Test
  void aDocumentOfExactlyTheLimitIsRead() throws Exception {
    String text = " ".repeat(Json.MAX_DOCUMENT_BYTES - 1) + "1";

    assertThat(Json.parse(text)).isEqualTo(JsonNumber.of(1));
    assertThat(Json.parse(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(JsonNumber.of(1));
  }

  @Test
  void aDocumentBeyondTheLimitIsRefused() {
    byte[] bytes = " ".repeat(Json.MAX_DOCUMENT_BYTES + 1).getBytes(StandardCharsets.US_ASCII);

    assertThatThrownBy(() -> Json.parse(bytes))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("16777216");
    assertThatThrownBy(() -> Json.parse(new String(bytes, StandardCharsets.US_ASCII)))
        .isInstanceOf(JsonException.class);
  }

  @Test
  void aStringBeyondTheLimitIsRefused() {
    String text = "\"" + "a".repeat(Json.MAX_STRING_CHARS + 1) + "\"";

    assertThatThrownBy(() -> Json.parse(text))
        .isInstanceOf(JsonException.class)
        .hasMessage("line 1, column 1: a string of more than 8388608 characters");
  }

  @Test
  void aNameBeyondTheLimitIsRefused() {
    String text = "{\"" + "a".repeat(Json.MAX_NAME_CHARS + 1) + "\":1}";

    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonException.class);
  }

  @Test
  void aNumberBeyondTheLimitIsRefused() throws Exception {
    String longest = "1".repeat(Json.MAX_NUMBER_CHARS);

    assertThat(Json.parse(longest)).isEqualTo(new JsonNumber(longest));
    assertThatThrownBy(() -> Json.parse(longest + "1")).isInstanceOf(JsonException.class);
  }

  @Test
  void moreTokensThanTheLimitAreRefused() {
    String text = "[" + "1,".repeat(Json.MAX_TOKENS) + "1]";

    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonException.class);
  }

  @Test
  void theMessageNamesLineAndColumn() {
    assertThatThrownBy(() -> Json.parse("{\n  \"mode\": active-backup\n}"))
        .isInstanceOf(JsonException.class)
        .hasMessageStartingWith("line 2, column ");
  }

  @Test
  void theMessageDoesNotQuoteTheDocumentOrTheParser() {
    assertThatThrownBy(() -> Json.parse("{\"password\": \"x\" oops}"))
        .hasMessageNotContainingAny("password", "jackson", "Source");
  }

  @Test
  void aDocumentThatIsNoObjectIsRefusedAsOne() {
    assertThatThrownBy(() -> Json.parseObject("[]"))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("array");
  }

  @Test
  void errorsDoNotRepeatControlCharacters() {
    assertThatThrownBy(() -> Json.parse("f\0\u001b[2J"))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("f<0000><001b>")
        .message()
        .matches("\\P{Cntrl}*");
  }
}
