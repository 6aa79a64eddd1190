package dev.podbond.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The author of a text that is not JSON learns where to change it and how.
class FaultFinderTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        // The case, the text with line ends as ¶, and the message.
        "trailing comma | {¶  \"type\": \"static\",¶} | line 2, column 19: a comma with nothing after it; remove it",
        "trailing comma in a list | [1, 2, ] | line 1, column 6: a comma with nothing after it; remove it",
        "leading comma | {, \"a\": 1} | line 1, column 2: a comma with nothing before it; remove it",
        "two commas | [1,,2] | line 1, column 4: a comma with nothing before it; remove it",
        "comment | {¶  \"a\": 1 // one¶} | line 2, column 10: a comment, which JSON does not have; remove it",
        "comment of YAML | {¶  # addresses¶  \"a\": 1} | line 2, column 3: a comment, which JSON does not have; remove it",
        "long comment | {\"a\": /* 1 */ 2} | line 1, column 7: a comment, which JSON does not have; remove it",
        "missing quote at the end | {¶  \"a\": \"b,¶  \"c\": 1} | line 2, column 8: the closing double quote of this string is missing on its line; a line end in it is written \\n",
        "missing quote at the end of all | {\"a\": \"b} | line 1, column 7: the closing double quote of this string is missing",
        "missing quote of a name | {¶  \"a: 1¶} | line 2, column 3: the closing double quote of this name is missing on its line; a line end in it is written \\n",
        "missing quote before a name | {a\": 1} | line 1, column 2: a name in double quotes belongs here, found a",
        "missing quote in the middle | {\"a\": \"b, \"c\": 1} | line 1, column 12: a comma or } belongs between this and the string before it, or a double quote is missing or one too many",
        "missing quote, then a name | {\"a: \"b\"} | line 1, column 7: a colon is missing before this, or the name before it lacks a double quote",
        "no quotes | {\"mode\": active-backup} | line 1, column 10: active-backup needs double quotes around it",
        "no quotes of a name | {mode: 1} | line 1, column 2: a name in double quotes belongs here, found mode",
        "single quotes | {'mode': 1} | line 1, column 2: the quotes of JSON are \", not '",
        "typographic quotes | {\"mode\": “1”} | line 1, column 10: the quotes of JSON are \", not “",
        "missing comma | {¶  \"a\": 1¶  \"b\": 2¶} | line 2, column 9: a comma or } is missing here",
        "missing comma in a list | [1 2] | line 1, column 3: a comma or ] is missing here",
        "missing colon | {\"a\" 1} | line 1, column 6: a colon is missing before this, or the name before it lacks a double quote",
        "missing value | {\"a\": } | line 1, column 7: a value is missing before this }",
        "two colons | {\"a\": 1: 2} | line 1, column 8: a colon where a comma or } belongs",
        "missing name | {: 1} | line 1, column 2: a name in double quotes is missing before this colon",
        "missing brace | {¶ \"a\": {¶  \"b\": 1¶} | line 1, column 1: this { is never closed",
        "missing bracket | {\"a\": [1, 2} | line 1, column 12: } cannot close the [ of line 1, column 7",
        "a brace too many | {\"a\": 1}} | line 1, column 9: one } too many: everything is closed already",
        "a second document | {} {} | line 1, column 4: the document has ended before this; remove what follows",
        "capital letters | [True] | line 1, column 2: True is written in lower case letters",
        "hexadecimal | [0x10] | line 1, column 2: 0x10 is not a JSON number: write it in decimal, without + or 0 before it, with digits on both sides of a point; a string needs double quotes around it",
        "address without quotes | {\"ip\": 10.0.0.1/24} | line 1, column 8: 10.0.0.1/24 is not a JSON number: write it in decimal, without + or 0 before it, with digits on both sides of a point; a string needs double quotes around it",
        "tab in a string | [\"a\tb\"] | line 1, column 4: a string cannot hold this character as it is; write \\t",
        "odd escape | [\"C:\\x\"] | line 1, column 5: JSON has no such escape; a backslash itself is written \\\\ in a string",
        "short escape | [\"\\u12\"] | line 1, column 3: \\u needs four hexadecimal digits after it",
        "no-break space | {\u00a0\"a\": 1} | line 1, column 2: U+00A0 looks like a space but is not one; replace it",
        "byte order mark | \ufeff{} | line 1, column 1: a byte order mark, which JSON does not have; save the text without it",
      })
  void aMistakeIsNamedAtItsPlace(String mistake, String text, String message) {
    assertThatExceptionOfType(JsonException.class)
        .as(mistake)
        .isThrownBy(() -> Json.parse(text.replace('¶', '\n')))
        .withMessage(message);
  }

  @Test
  void aCarriageReturnBeforeALineFeedMakesNoFurtherLine() {
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> Json.parse("{\r\n\"a\": 1,\r\n}"))
        .withMessageStartingWith("line 2, column 7: a comma with nothing after it");
  }

  @Test
  void aMistakeInElementsIsPlacedInThemAndNotInTheArrayThatTheyMake() {
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> Json.parseElements("{ \"type\": \"tuning\" },\n{ \"type\": \"sbr\" },\n"))
        .withMessage("line 2, column 18: a comma with nothing after it; remove it");
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> Json.parseElements("{ \"type\": \"tuning\" }], [{}"))
        .withMessageStartingWith("line 1, column 21: ");
    assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Json.parseElements(" "));
  }

  @Test
  void elementsAreReadOneOrSeveral() throws Exception {
    assertThat(Json.parseElements("{}")).hasToString("[{}]");
    assertThat(Json.parseElements(" {\"a\":1} , [2]\n")).hasToString("[{\"a\":1},[2]]");
  }

  @Test
  void aWordOfOthersIsShownShortenedAndWithoutWhatChangesTheLine() {
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> Json.parse("x".repeat(1000)))
        .withMessage("line 1, column 1: " + "x".repeat(32) + "… needs double quotes around it");
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> Json.parse("a\u202eb\u001b"))
        .withMessage("line 1, column 1: a<202e>b<001b> needs double quotes around it");
  }

  /// The parser refuses a text, and another reader of the text explains the fault: this test checks
  /// that the two agree.
  @Test
  void whateverIsRefusedHasAPlaceAndWhateverIsReadHasNoFault() throws Exception {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder(new RandomJson(random).value(4).toPrettyString());
      JsonException none = new JsonException("none");
      assertThat(FaultFinder.ofDocument(text.toString(), none)).as("seed %d", seed).isSameAs(none);
      for (int changes = random.nextInt(3); changes >= 0 && !text.isEmpty(); changes--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, "{}[]\",:'/#\\\n\t1ae.-+ ".charAt(random.nextInt(20)));
          default -> text.setCharAt(at, "{}[]\",:'/#\\\n\t1ae.-+ ".charAt(random.nextInt(20)));
        }
      }
      String changed = text.toString();
      JsonException refused = catchThrowableOfType(JsonException.class, () -> Json.parse(changed));
      if (refused == null) {
        // Half a character in a name is refused only if it is written as an escape.
        assertThat(FaultFinder.ofDocument(changed, none).problem())
            .as("seed %d: %s", seed, changed)
            .matches("none|.*half a surrogate pair.*");
      } else {
        assertThat(refused.problem())
            .as("seed %d: %s", seed, changed)
            .isNotEqualTo("no JSON")
            .isNotEqualTo("the document ends too early");
      }
    }
  }
}
