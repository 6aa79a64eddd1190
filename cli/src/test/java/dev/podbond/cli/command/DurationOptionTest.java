package dev.podbond.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationOptionTest {
  @Test
  void aDurationIsReadAsKubectlReadsIt() {
    assertThat(DurationOption.parse("90s")).contains(Duration.ofSeconds(90));
    assertThat(DurationOption.parse("1h30m")).contains(Duration.ofMinutes(90));
    assertThat(DurationOption.parse("1500ms")).contains(Duration.ofMillis(1500));
    assertThat(DurationOption.text(Duration.ofSeconds(90))).isEqualTo("1m30s");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "-5s", "5 s", "1.5h", "0s", "9000h", "5S", "999999999h999999999h"})
  void whatIsNoneIsRefused(String text) {
    assertThat(DurationOption.parse(text)).isEmpty();
  }

  @Test
  void oneThatIsVeryLongIsNotReadAtAll() {
    assertThat(DurationOption.parse("1s".repeat(1_000_000))).isEmpty();
  }
}
