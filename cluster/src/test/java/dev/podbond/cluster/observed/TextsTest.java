package dev.podbond.cluster.observed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.json.JsonObject;
import org.junit.jupiter.api.Test;

/// How much of a report's texts is kept.
final class TextsTest {
  /// Otherwise the bonds of a BondNetwork with the longest of names would be of none.
  @Test
  void theLongestNameOfANetworkIsKeptWhole() {
    String path = "n".repeat(63) + "/" + "b".repeat(253);
    JsonObject bond = JsonObject.builder().put("network", path).put("long", path + "b").build();
    assertThat(Texts.path(bond, "network")).isEqualTo(path);
    assertThat(Texts.path(bond, "long")).isEqualTo(path);
    assertThat(Texts.of(bond, "network")).hasSize(256);
    assertThat(Texts.path(bond, "none")).isEmpty();
  }
}
