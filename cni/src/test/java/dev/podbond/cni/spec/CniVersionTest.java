package dev.podbond.cni.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CniVersionTest {
  @ParameterizedTest
  @CsvSource({
    "0.1.0, false, false, false",
    "0.2.0, false, false, false",
    "0.3.0, true, false, false",
    "0.3.1, true, false, false",
    "0.4.0, true, true, false",
    "1.0.0, true, true, false",
    "1.1.0, true, true, true",
  })
  void aVersionKnowsWhatItHas(
      String text, boolean interfaces, boolean check, boolean garbageCollection) {
    CniVersion version = CniVersion.of(text).orElseThrow();

    assertThat(version.resultListsInterfaces()).isEqualTo(interfaces);
    assertThat(version.allowsCheck()).isEqualTo(check);
    assertThat(version.passesPrevResultToDel()).isEqualTo(check);
    assertThat(version.allowsGcAndStatus()).isEqualTo(garbageCollection);
    assertThat(version).hasToString(text);
  }
}
