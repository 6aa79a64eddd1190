package dev.podbond.cluster.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.cluster.source.LocatedException;
import dev.podbond.json.Json;
import org.junit.jupiter.api.Test;

final class YamlReaderTest {
  @Test
  void depthIsLimitedBeforeAnythingRecurses() {
    assertThatThrownBy(() -> YamlReader.read("f", "[".repeat(200_000)))
        .isInstanceOf(LocatedException.class)
        .hasMessageContaining("levels deep");
  }

  @Test
  void numbersStayAsTheyAreWrittenIfJsonHasThem() throws Exception {
    String text = "[1410E4444444444, 1.50, .5]";
    assertThat(YamlReader.read("f", text).getFirst().toJson().toString())
        .isEqualTo("[1410E4444444444,1.50,0.5]");
  }

  @Test
  void whatIsDeepYetTakenCanBeKeptAsJson() throws Exception {
    String text = "[".repeat(90) + "]".repeat(90);
    String kept = "{\"manifest\":" + YamlReader.read("f", text).getFirst().toJson() + "}";
    assertThat(Json.parse(kept)).isNotNull();
  }

  /// A text of one megabyte that would expand to a hundred.
  @Test
  void aliasesOfALongScalarAreCounted() {
    String text = "a: &a " + "x".repeat(1_000_000) + "\nb: [" + "*a,".repeat(100) + "1]\n";
    assertThatThrownBy(() -> YamlReader.read("f", text))
        .isInstanceOf(LocatedException.class)
        .hasMessageContaining("with its aliases");
  }

  @Test
  void aliasesOfAliasesAreCounted() {
    StringBuilder text = new StringBuilder("a0: &a0 [" + "x,".repeat(100) + "x]\n");
    for (int i = 1; i < 9; i++) {
      text.append("a%d: &a%d [*a%d,*a%d,*a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }
    assertThatThrownBy(() -> YamlReader.read("f", text.toString()))
        .isInstanceOf(LocatedException.class);
  }
}
