package dev.podbond.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VfLinkStateTest {
  @ParameterizedTest
  @CsvSource({"AUTO, 0, auto, Auto", "ENABLE, 1, enable, ENABLE", "DISABLE, 2, disable, Disable"})
  void hasTheKernelsNumberAndIproute2sName(
      VfLinkState state, int number, String name, String otherwise) {
    assertThat(state.number()).isEqualTo(number);
    assertThat(VfLinkState.of(number)).contains(state);
    assertThat(state).hasToString(name);
    assertThat(VfLinkState.parse(name)).contains(state);
    assertThat(VfLinkState.parse(otherwise)).contains(state);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 3, 1L << 32})
  void otherNumbersAreNoState(long number) {
    assertThat(VfLinkState.of(number)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "up", "enabled", " auto"})
  void otherTextsAreNoState(String text) {
    assertThat(VfLinkState.parse(text)).isEmpty();
  }
}
