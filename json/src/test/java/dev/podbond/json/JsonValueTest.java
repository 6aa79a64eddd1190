package dev.podbond.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonValueTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\":1} | object  | an object",
        "[]          | array   | an array",
        "\"\"      | string  | a string",
        "-1.5        | number  | a number",
        "true        | boolean | a boolean",
        "false       | boolean | a boolean",
        "null        | null    | null",
      })
  void itsKindIsNamedForMessages(String text, String kind, String withItsArticle) throws Exception {
    JsonValue value = Json.parse(text);
    assertThat(value.kind()).isEqualTo(kind);
    assertThat(value.aKind()).isEqualTo(withItsArticle);
  }
}
