package dev.podbond.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {
  private static final long MAX = 0xffff_ffff_ffffL;

  @Test
  void textOctetsAndBitsAreTheSameAddress() {
    long seed = Long.getLong("podbond.seed", System.nanoTime());
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int run = 0; run < 1000; run++) {
      MacAddress mac = new MacAddress(random.nextLong(MAX + 1));
      assertThat(MacAddress.of(mac.octets())).as("seed %d", seed).isEqualTo(mac);
      assertThat(MacAddress.parse(mac.toString())).as("seed %d", seed).contains(mac);
      assertThat(MacAddress.parse(mac.toString().replace(':', '-').toUpperCase()))
          .as("seed %d", seed)
          .contains(mac);
    }
  }

  @Test
  void theFirstOctetIsTheMostSignificant() {
    MacAddress mac = new MacAddress(0x0210_2030_4050L);
    assertThat(mac).hasToString("02:10:20:30:40:50");
    assertThat(mac.octets()).containsExactly(0x02, 0x10, 0x20, 0x30, 0x40, 0x50);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, MAX + 1, Long.MIN_VALUE})
  void moreThan48BitsAreNoAddress(long bits) {
    assertThatThrownBy(() -> new MacAddress(bits))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Long.toHexString(bits));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "02:00:00:00:00",
        "02:00:00:00:00:01:02",
        "02:00-00:00:00:01",
        "0200.0000.0001"
      })
  void otherTextsAreNoAddress(String text) {
    assertThat(MacAddress.parse(text)).isEmpty();
  }

  @Test
  void sixOctetsAndNoOtherNumberAreAnAddress() {
    assertThatThrownBy(() -> MacAddress.of(new byte[8]))
        .hasMessage("a MAC address has 6 octets, not 8");
    assertThat(MacAddress.of(new byte[6])).isEqualTo(MacAddress.ZERO);
  }

  @ParameterizedTest
  @CsvSource({
    "00:00:00:00:00:00, false, true",
    "00:00:00:00:00:01, true, false",
    "02:00:00:00:00:01, true, false",
    "01:00:5e:00:00:01, false, false",
    "ff:ff:ff:ff:ff:ff, false, false",
  })
  void anInterfaceMayHaveAUnicastAddressOnly(String text, boolean unicast, boolean zero) {
    MacAddress mac = MacAddress.parse(text).orElseThrow();
    assertThat(mac.isUnicast()).isEqualTo(unicast);
    assertThat(mac.isZero()).isEqualTo(zero);
  }
}
