package dev.podbond.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PrintableTest {
  @Test
  void usualTextStaysAsItIs() {
    assertThat(Printable.line("net1 in the pod: MTU 9000 → 1500, größer als \"0\""))
        .isEqualTo("net1 in the pod: MTU 9000 → 1500, größer als \"0\"");
  }

  @Test
  void whatHasNoShapeIsShownAsItsNumber() {
    assertThat(Printable.line("a\nb\r\t\033[2J\0\u009b\u2028\u202e\ud800"))
        .isEqualTo("a<000a>b<000d><0009><001b>[2J<0000><009b><2028><202e><d800>");
  }

  @Test
  void octetsAreReadAsUtf8() {
    assertThat(Printable.line(new byte[] {'a', (byte) 0xc3, (byte) 0xa4, 7, (byte) 0xff}))
        .isEqualTo("a\u00e4<0007>\ufffd");
  }

  @Test
  void aBeginningHasNoHalfOfACharacter() {
    String text = "ab\ud83d\ude00c";

    assertThat(Printable.head(text, 5)).isEqualTo(text);
    assertThat(Printable.head(text, 4)).isEqualTo("ab\ud83d\ude00");
    assertThat(Printable.head(text, 3)).isEqualTo("ab");
    assertThat(Printable.head(text, 2)).isEqualTo("ab");
    assertThat(Printable.head(text, 0)).isEmpty();
    assertThat(Printable.head("ab\ud83dc", 3)).isEqualTo("ab\ud83d");
  }

  @Test
  void whatAProgramReadsIsTheSameValue() throws Exception {
    JsonValue value =
        new JsonArray(
            List.of(new JsonString("a\n\033[2J\u009b\u202e\udb40\udc01größer\ud83d\ude00")));
    String text = Printable.json(value);
    assertThat(Json.parse(text)).isEqualTo(value);
    assertThat(text)
        .isEqualTo("[\n    \"a\\n\\u001b[2J\\u009b\\u202e\\udb40\\udc01größer\ud83d\ude00\"\n]");
  }

  @Test
  void aValueInOneLineIsTheSameValueAndOneLine() throws Exception {
    JsonValue value =
        JsonObject.of("a\nb", new JsonArray(List.of(new JsonString("\u2028\u007f\033[2J"))));
    String text = Printable.jsonLine(value);
    assertThat(Json.parse(text)).isEqualTo(value);
    assertThat(text).isEqualTo("{\"a\\nb\":[\"\\u2028\\u007f\\u001b[2J\"]}");
  }
}
