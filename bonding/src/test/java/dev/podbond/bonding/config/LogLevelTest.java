package dev.podbond.bonding.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogLevelTest {
  @ParameterizedTest
  @EnumSource(LogLevel.class)
  void isFoundByItsSpellingInAnyCaseOfLetters(LogLevel level) {
    assertThat(LogLevel.of(level.toString())).contains(level);
    assertThat(LogLevel.of(level.toString().toUpperCase(Locale.ROOT))).contains(level);
  }

  @Test
  void hasTheSpellingsOfSriovCni() {
    assertThat(LogLevel.values())
        .extracting(LogLevel::toString)
        .containsExactly("panic", "error", "warning", "info", "debug");
    assertThat(LogLevel.of("loud")).isEmpty();
    assertThat(LogLevel.of("")).isEmpty();
  }
}
