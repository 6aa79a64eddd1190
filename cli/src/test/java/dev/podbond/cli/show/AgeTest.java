package dev.podbond.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AgeTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  /// As `kubectl get` prints them.
  @ParameterizedTest
  @CsvSource({
    "PT-5S, 0s", "PT0S, 0s", "PT119S, 119s", "PT2M, 2m", "PT9M59S, 9m59s", "PT10M30S, 10m",
    "PT179M, 179m", "PT3H, 3h", "PT7H59M, 7h59m", "PT8H59M, 8h", "PT47H59M, 47h", "P2D, 2d",
    "P7DT23H, 7d23h", "P8DT23H, 8d", "P729D, 729d", "P730D, 2y", "P733D, 2y3d", "P2920D, 8y"
  })
  void itHasTheUnitsAndThePrecisionOfKubectl(Duration age, String text) {
    assertThat(Age.of(NOW.minus(age).toString(), NOW)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"''", "yesterday", "-", "2026-01-02"})
  void whatIsNoTimeHasNone(String then) {
    assertThat(Age.of(then, NOW)).isEqualTo("-");
  }
}
