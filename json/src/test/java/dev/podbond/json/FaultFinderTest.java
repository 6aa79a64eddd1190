package dev.podbond.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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
        "leading comma after an empty line | ¶{,} | line 2, column 2: a comma with nothing before it; remove it",
        "two commas | [1,,2] | line 1, column 4: a comma with nothing before it; remove it",
        "comment | {¶  \"a\": 1 // one¶} | line 2, column 10: a comment, which JSON does not have; remove it",
        "comment of YAML | {¶  # addresses¶  \"a\": 1} | line 2, column 3: a comment, which JSON does not have; remove it",
        "long comment | {\"a\": /* 1 */ 2} | line 1, column 7: a comment, which JSON does not have; remove it",
        "missing quote at the end | {¶  \"a\": \"b,¶  \"c\": 1} | line 2, column 8: the closing double quote of this string is missing on its line; a line end in it is written \\n",
        "missing quote at the end of all | {\"a\": \"b} | line 1, column 7: the closing double quote of this string is missing",
        "missing quote of a name | {¶  \"a: 1¶} | line 2, column 3: the closing double quote of this name is missing on its line; a line end in it is written \\n",
        "missing quote before a name | {a\": 1} | line 1, column 2: a name in double quotes belongs here, found a",
        "missing quote in the middle | {\"a\": \"b, \"c\": 1} | line 1, column 12: a comma or } belongs between this and the string before it, or a double quote is missing or one too many",
        "missing quote in the middle, then a word | {\"a\": \"b, \"cd\": 1} | line 1, column 12: a comma or } belongs between this and the string before it, or a double quote is missing or one too many",
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
        "object as a name | {{}: 1} | line 1, column 2: a name in double quotes belongs here, found {",
        "end after a name | {\"a\" | line 1, column 1: this { is never closed",
        "missing brace | {¶ \"a\": {¶  \"b\": 1¶} | line 1, column 1: this { is never closed",
        "missing bracket | {\"a\": [1, 2} | line 1, column 12: } cannot close the [ of line 1, column 7",
        "a brace too many | {\"a\": 1}} | line 1, column 9: one } too many: everything is closed already",
        "a second document | {} {} | line 1, column 4: the document has ended before this; remove what follows",
        "capital letters | [True] | line 1, column 2: True is written in lower case letters",
        "hexadecimal | [0x10] | line 1, column 2: 0x10 is not a JSON number: write it in decimal, without + or 0 before it, with digits on both sides of a point; a string needs double quotes around it",
        "word that begins with a digit | [9th] | line 1, column 2: 9th is not a JSON number: write it in decimal, without + or 0 before it, with digits on both sides of a point; a string needs double quotes around it",
        "plus sign | [+1] | line 1, column 2: +1 is not a JSON number: write it in decimal, without + or 0 before it, with digits on both sides of a point; a string needs double quotes around it",
        "address without quotes | {\"ip\": 10.0.0.1/24} | line 1, column 8: 10.0.0.1/24 is not a JSON number: write it in decimal, without + or 0 before it, with digits on both sides of a point; a string needs double quotes around it",
        "tab in a string | [\"a\tb\"] | line 1, column 4: a string cannot hold this character as it is; write \\t",
        "odd escape | [\"C:\\x\"] | line 1, column 5: JSON has no such escape; a backslash itself is written \\\\ in a string",
        "short escape | [\"\\u12\"] | line 1, column 3: \\u needs four hexadecimal digits after it",
        "half a character in a name | {\"a\": 1, \"b\\ud83d\": 2} | line 1, column 10: this name holds half a surrogate pair, which is not a character",
        "half a character before another in a name | {\"\\ud83db\": 1} | line 1, column 2: this name holds half a surrogate pair, which is not a character",
        "a character and a half in a name | {\"\\ud83d\\ude00\\ude00\": 1} | line 1, column 2: this name holds half a surrogate pair, which is not a character",
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
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> Json.parseElements(" {} ,\n {} , "))
        .withMessage("line 2, column 5: a comma with nothing after it; remove it");
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> Json.parseElements("{}, {\"\\ude00\": 1}"))
        .withMessage(
            "line 1, column 6: this name holds half a surrogate pair, which is not a character");
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> Json.parseElements(" "))
        .withMessage("the document is empty");
  }

  @Test
  void elementsAreAsDeepAsTheArrayThatTheyMakeAllows() throws Exception {
    String deepest = nested(Json.MAX_DEPTH - 1);
    assertThat(Json.parseElements(deepest)).hasToString("[" + deepest + "]");
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> Json.parseElements("[" + deepest + "]"))
        .withMessage(
            "too large: at most 16777216 bytes, 100 levels, 1000000 names, values and brackets");
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
        .isThrownBy(() -> Json.parse("[1, " + "x".repeat(33) + "]"))
        .withMessage("line 1, column 5: " + "x".repeat(32) + "… needs double quotes around it");
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> Json.parse("[1, " + "x".repeat(32) + "]"))
        .withMessage("line 1, column 5: " + "x".repeat(32) + " needs double quotes around it");
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> Json.parse("a\u202eb\u001b"))
        .withMessage("line 1, column 1: a<202e>b<001b> needs double quotes around it");
  }

  @Test
  void aProgramGetsThePlaceAndTheProblemByThemselves() {
    JsonException fault =
        catchThrowableOfType(JsonException.class, () -> Json.parse("{\n \"a\": x}"));
    assertThat(fault.place()).contains(new JsonPlace(8, 2, 7));
    assertThat(fault.problem()).isEqualTo("x needs double quotes around it");
    JsonException empty = catchThrowableOfType(JsonException.class, () -> Json.parse(""));
    assertThat(empty.place()).isEmpty();
  }

  @Test
  void everyEscapeIsNoFault() throws Exception {
    String text = "[\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u09af \\u90AF\"]";
    assertThat(Json.parse(text))
        .isEqualTo(JsonArray.of(new JsonString("\" \\ / \b \f \n \r \t \u09af \u90af")));
    assertHasNoFault(text);
    String pairInAName = "{\"\\ud83d\\ude00b\":0}";
    assertThat(Json.parse(pairInAName)).hasToString("{\"\ud83d\ude00b\":0}");
    assertHasNoFault(pairInAName);
  }

  private static void assertHasNoFault(String text) {
    JsonException none = new JsonException("none");
    assertThat(FaultFinder.ofDocument(text, none)).isSameAs(none);
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private static String named(String name) {
    return "{\"" + name + "\":0}";
  }

  private static Stream<Arguments> limits() {
    String name = "\\u0061\\n" + "n".repeat(Json.MAX_NAME_CHARS - 2);
    String number = "1".repeat(Json.MAX_NUMBER_CHARS);
    String longName = "line 1, column 2: a name of more than 4096 characters";
    String brackets = "[" + "[],".repeat(Json.MAX_TOKENS / 2 - 2);
    String values = "[" + "1,".repeat(Json.MAX_TOKENS - 3);
    String names = "{" + "\"\":0,".repeat(Json.MAX_TOKENS / 2 - 2);
    String more = ": more than 1000000 names, values and brackets before this";
    return Stream.of(
        Arguments.of(
            "levels",
            nested(Json.MAX_DEPTH),
            nested(Json.MAX_DEPTH + 1),
            "line 1, column 101: nested more than 100 levels deep"),
        Arguments.of("name", named(name), named(name + "n"), longName),
        Arguments.of("name with escapes", named(name), named(name + "\\t"), longName),
        Arguments.of(
            "number",
            number,
            number + "1",
            "line 1, column 1: a number of more than 256 characters"),
        Arguments.of(
            "brackets", brackets + "[]]", brackets + "[1]]", "line 1, column 1499999" + more),
        Arguments.of("values", values + "1]", values + "1,1]", "line 1, column 1999999" + more),
        Arguments.of(
            "names", names + "\"\":0}", names + "\"\":[]}", "line 1, column 2499997" + more));
  }

  /// The parser refuses what is beyond a limit, and the finder names it only if it counts alike.
  @ParameterizedTest(name = "{0}")
  @MethodSource("limits")
  void aLimitIsExplainedOnlyBeyondIt(String limit, String most, String beyond, String message)
      throws Exception {
    Json.parse(most);
    assertHasNoFault(most);
    assertThatExceptionOfType(JsonException.class)
        .as(limit)
        .isThrownBy(() -> Json.parse(beyond))
        .withMessage(message);
  }

  @Test
  void whatWasClosedIsNotDeep() {
    assertThatExceptionOfType(JsonException.class)
        .isThrownBy(() -> Json.parse("[" + "[],".repeat(2 * Json.MAX_DEPTH) + "1 2]"))
        .withMessage("line 1, column 603: a comma or ] is missing here");
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
