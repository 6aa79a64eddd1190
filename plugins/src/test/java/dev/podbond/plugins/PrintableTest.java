package dev.podbond.plugins;

import static org.assertj.core.api.Assertions.assertThat;

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
}
