package dev.podbond.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonReaderTest {
  private final List<String> problems = new ArrayList<>();

  private JsonReader<RuntimeException> collecting(String text, JsonReader.Keys keys)
      throws JsonException {
    return JsonReader.of(
        Json.parseObject(text),
        keys,
        (where, expected, found) ->
            problems.add(
                where
                    + ": "
                    + expected
                    + ", found "
                    + found.map(JsonReader::shown).orElse("nothing")));
  }

  private JsonReader<RuntimeException> collecting(String text) throws JsonException {
    return collecting(text, JsonReader.Keys.EXACT);
  }

  private static JsonReader<IllegalStateException> throwing(String text) throws JsonException {
    return JsonReader.of(
        Json.parseObject(text),
        JsonReader.Keys.EXACT,
        (where, expected, _) -> {
          throw new IllegalStateException(where + " must be " + expected);
        });
  }

  @Test
  void whatIsAsItMustBeIsRead() throws Exception {
    JsonReader<RuntimeException> in =
        collecting(
            "{\"text\":\"\",\"n\":-7,\"big\":4294967295,\"flag\":false,\"list\":[\"a\",\"b\"],"
                + "\"inner\":{\"x\":1},\"many\":[{\"x\":1},{\"x\":2}]}");
    assertThat(in.string("text")).contains("");
    assertThat(in.nonEmptyString("text")).isEmpty();
    assertThat(in.integer("n", -7, 0)).isEqualTo(OptionalInt.of(-7));
    assertThat(in.longInteger("big", 0, 0xffff_ffffL)).isEqualTo(OptionalLong.of(0xffff_ffffL));
    assertThat(in.bool("flag")).contains(false);
    assertThat(in.strings("list")).containsExactly("a", "b");
    assertThat(in.object("inner").orElseThrow().requireInteger("x", 0, 1)).isOne();
    assertThat(in.objects("many"))
        .extracting(JsonReader::path)
        .containsExactly("many[0]", "many[1]");
    assertThat(problems).isEmpty();
  }

  @Test
  void whatIsAbsentIsNoProblem() throws Exception {
    JsonReader<RuntimeException> in = collecting("{}");
    assertThat(in.string("a")).isEmpty();
    assertThat(in.integer("a", 0, 1)).isEmpty();
    assertThat(in.bool("a")).isEmpty();
    assertThat(in.object("a")).isEmpty();
    assertThat(in.objects("a")).isEmpty();
    assertThat(in.strings("a")).isEmpty();
    assertThat(problems).isEmpty();
  }

  @Test
  void aProblemNamesItsPlaceAndCountsAsAbsent() throws Exception {
    JsonReader<RuntimeException> in =
        collecting("{\"vfs\":[{\"link\":{\"mtu\":\"1500\"}},7],\"names\":[\"a\",1]}");
    assertThat(in.objects("vfs")).hasSize(1);
    assertThat(in.objects("vfs").getFirst().object("link").orElseThrow().integer("mtu", 0, 9000))
        .isEmpty();
    assertThat(in.strings("names")).containsExactly("a");
    assertThat(problems)
        .containsExactly(
            "vfs[1]: an object, found 7",
            "vfs[1]: an object, found 7",
            "vfs[0].link.mtu: an integer from 0 to 9000, found \"1500\"",
            "names[1]: a string, found 1");
  }

  @ParameterizedTest
  @CsvSource({"1.0", "1e3", "-1", "101", "99999999999999999999"})
  void aNumberIsWrittenAsAnIntegerAndWithinItsRange(String number) throws Exception {
    assertThat(collecting("{\"n\":" + number + "}").integer("n", 0, 100)).isEmpty();
    assertThat(problems).containsExactly("n: an integer from 0 to 100, found " + number);
  }

  @Test
  void aNumberOfMoreThan32BitsHasARange() throws Exception {
    assertThat(collecting("{\"n\":4294967296}").longInteger("n", 0, 0xffff_ffffL)).isEmpty();
    assertThat(problems).containsExactly("n: an integer from 0 to 4294967295, found 4294967296");
  }

  @Test
  void aLongValueIsShortenedInAMessage() throws Exception {
    assertThat(collecting("{\"flag\":\"" + "x".repeat(1000) + "\"}").bool("flag")).isEmpty();
    assertThat(problems).containsExactly("flag: true or false, found \"" + "x".repeat(79) + "...");
    String longest = "\"" + "x".repeat(78) + "\"";
    assertThat(JsonReader.shown(Json.parse(longest))).isEqualTo(longest);
  }

  @Test
  void keysOfGoMatchWithoutLetterCaseAndTakeNullForAbsent() throws Exception {
    String text = "{\"MTU\":1400,\"mac\":null}";
    assertThat(collecting(text, JsonReader.Keys.GO).integer("mtu", 0, 9000)).hasValue(1400);
    assertThat(collecting(text, JsonReader.Keys.GO).string("mac")).isEmpty();
    assertThat(problems).isEmpty();
    assertThat(collecting(text).integer("mtu", 0, 9000)).isEmpty();
    assertThat(collecting(text).string("mac")).isEmpty();
    assertThat(problems).containsExactly("mac: a string, found null");
  }

  @Test
  void whatIsRequiredEndsTheReadingOfASinkThatThrows() throws Exception {
    JsonReader<IllegalStateException> in = throwing("{\"n\":\"x\",\"list\":[\"1\",\"y\"]}");
    assertThatThrownBy(() -> in.requireString("text")).hasMessage("text must be a string");
    assertThatThrownBy(() -> in.requireInteger("n", 0, 9))
        .hasMessage("n must be an integer from 0 to 9");
    assertThatThrownBy(() -> in.requireBool("b")).hasMessage("b must be true or false");
    assertThatThrownBy(() -> in.requireObject("o")).hasMessage("o must be an object");
    assertThatThrownBy(() -> in.requireObjects("list")).hasMessage("list[0] must be an object");
    assertThatThrownBy(() ->
            in.requireEach(
                "list", "a digit", text -> Optional.of(text).filter(digit -> digit.equals("1"))))
        .hasMessage("list[1] must be a digit");
    String required = in.require("n", "an x", Optional::of);
    assertThat(required).isEqualTo("x");
  }

  @Test
  void whatIsRequiredIsReadIfItIsThere() throws Exception {
    JsonReader<IllegalStateException> in =
        throwing(
            "{\"text\":\"x\",\"yes\":true,\"no\":false,\"inner\":{\"x\":1},"
                + "\"many\":[{\"x\":1},{}],\"digits\":[\"1\",\"2\"]}");
    assertThat(in.requireString("text")).isEqualTo("x");
    assertThat(in.requireBool("yes")).isTrue();
    assertThat(in.requireBool("no")).isFalse();
    assertThat(in.requireObject("inner").path()).isEqualTo("inner");
    assertThat(in.requireObjects("many"))
        .extracting(JsonReader::path)
        .containsExactly("many[0]", "many[1]");
    List<Integer> digits =
        in.requireEach("digits", "a digit", text -> Optional.of(Integer.valueOf(text)));
    assertThat(digits).containsExactly(1, 2);
  }

  @Test
  void aSinkThatCollectsCannotPassOverWhatIsRequired() throws Exception {
    JsonReader<RuntimeException> in = collecting("{\"inner\":{}}").requireObject("inner");
    assertThatIllegalStateException()
        .isThrownBy(() -> in.requireString("text"))
        .withMessage("inner.text is required, and its absence was passed over");
    assertThat(problems).containsExactly("inner.text: a string, found nothing");
  }

  @Test
  void aLenientObjectHasWhatIsOfTheExpectedType() throws Exception {
    JsonObject object =
        Json.parseObject("{\"name\":\"a\",\"n\":\"7\",\"list\":[1,\"x\",{}],\"spec\":[]}");
    assertThat(LenientObject.text(object, "name")).contains("a");
    assertThat(LenientObject.number(object, "n")).isEmpty();
    assertThat(LenientObject.texts(object, "list")).containsExactly("x");
    assertThat(LenientObject.objects(object, "list")).containsExactly(JsonObject.of());
    assertThat(LenientObject.object(object, "spec")).isEqualTo(JsonObject.of());
  }
}
