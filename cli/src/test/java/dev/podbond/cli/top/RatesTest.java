package dev.podbond.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownTraffic;
import dev.podbond.cli.bond.SomeBonds;
import dev.podbond.cluster.observed.Health;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a bond carries in a second, by two answers about its members.
final class RatesTest {
  private static final KnownBond WEB =
      KnownBond.of(SomeBonds.said("demo/web", "active-backup", "net1", Health.HEALTHY, "net1 up"));

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static KnownTraffic web(String... members) {
    return KnownTraffic.of(SomeBonds.traffic("demo", "web", members));
  }

  @Test
  void theMembersOfABondAreAddedUp() {
    Rates rates =
        Rates.NONE
            .after(web("net1 1000 0", "net2 50 7"), seconds(10))
            .after(web("net1 3000 500", "net2 150 7"), seconds(12));
    assertThat(rates.of(WEB)).contains(new Rates.Rate(1050, 250));
  }

  @Test
  void oneAnswerAloneSaysNothing() {
    Rates rates = Rates.NONE.after(web("net1 1000 0"), seconds(10));
    assertThat(rates.of(WEB)).isEmpty();
    assertThat(rates.after(web("net1 2000 0"), seconds(10)).of(WEB)).as("no time").isEmpty();
  }

  /// Its interface was made anew, so that it counts from 0 again.
  @Test
  void aMemberThatHasCarriedLessThanBeforeHasNoPart() {
    Rates before = Rates.NONE.after(web("net1 1000 10", "net2 100 100"), seconds(0));
    assertThat(before.after(web("net1 5 20", "net2 300 100"), seconds(1)).of(WEB))
        .contains(new Rates.Rate(200, 0));
    assertThat(before.after(web("net1 2000 9"), seconds(1)).of(WEB)).isEmpty();
  }

  @Test
  void aMemberThatLeftOrCameHasNoPart() {
    Rates before = Rates.NONE.after(web("net1 1000 10", "net2 0 0"), seconds(0));
    assertThat(before.after(web("net1 1100 10", "net3 900 900"), seconds(1)).of(WEB))
        .contains(new Rates.Rate(100, 0));
    assertThat(before.after(web("net3 900 900"), seconds(1)).of(WEB)).isEmpty();
    assertThat(before.after(web(), seconds(1)).of(WEB)).isEmpty();
  }

  @Test
  void anAnswerThatFailedIsBridged() {
    Rates rates = Rates.NONE.after(web("net1 0 0"), seconds(0)).after(web("net1 9 9"), seconds(1));
    assertThat(rates.unknown().of(WEB)).isEmpty();
    assertThat(rates.unknown().after(web("net1 109 9"), seconds(11)).of(WEB))
        .contains(new Rates.Rate(10, 0));
  }

  @Test
  void theAgentIsAskedAtMostOnceASecond() {
    assertThat(Rates.NONE.isDue(seconds(0))).isTrue();
    Rates rates = Rates.NONE.after(web(), seconds(10));
    assertThat(rates.isDue(Duration.ofMillis(10_999))).isFalse();
    assertThat(rates.isDue(seconds(11))).isTrue();
  }

  @Test
  void noNumberIsTooLarge() {
    String most = Long.toString(Long.MAX_VALUE);
    Rates rates =
        Rates.NONE
            .after(web("net1 0 0", "net2 0 0"), seconds(0))
            .after(web("net1 " + most + " 0", "net2 " + most + " 0"), seconds(1));
    assertThat(rates.of(WEB))
        .hasValueSatisfying(rate -> assertThat(Rates.Rate.text(rate.received())).isEqualTo("18EB"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0B",
    "0.4, 0B",
    "999.4, 999B",
    "999.6, 1.0kB",
    "1234, 1.2kB",
    "9949, 9.9kB",
    "9950, 10kB",
    "99999, 100kB",
    "999499, 999kB",
    "999600, 1.0MB",
    "1250000000, 1.3GB",
    "3e30, 3000000000000EB"
  })
  void aRateHasTwoOrThreeDigitsAndItsUnit(double octets, String text) {
    assertThat(Rates.Rate.text(octets)).isEqualTo(text);
  }
}
