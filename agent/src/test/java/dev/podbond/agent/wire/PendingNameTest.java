package dev.podbond.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PendingNameTest {
  @Test
  void aNameIsReadAsItIsWritten() {
    PendingName name = new PendingName("0f3c", "net1", "bond");
    assertThat(name).hasToString("0f3c:net1:bond");
    assertThat(PendingName.parse(name.toString())).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".0f3c:net1:bond", ":net1:bond", "0f3c:net1", "0f3c:net1:", "damaged"})
  void whatIsHalfWrittenOrHasAnotherFormIsNone(String file) {
    assertThat(PendingName.parse(file)).isEmpty();
  }
}
