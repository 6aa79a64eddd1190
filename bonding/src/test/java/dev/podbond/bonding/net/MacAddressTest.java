package dev.podbond.bonding.net;

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
  void text_octets_and_bits_are_the_same_address() {
    long seed = RandomGenerator.getDefault().nextLong();
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
  void the_first_octet_is_the_most_significant() {
    MacAddress mac = new MacAddress(0x0210_2030_4050L);
    assertThat(mac).hasToString("02:10:20:30:40:50");
    assertThat(mac.octets()).containsExactly(0x02, 0x10, 0x20, 0x30, 0x40, 0x50);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, MAX + 1, Long.MIN_VALUE})
  void more_than_48_bits_are_no_address(long bits) {
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
  void other_texts_are_no_address(String text) {
    assertThat(MacAddress.parse(text)).isEmpty();
  }

  @Test
  void six_octets_and_no_other_number_are_an_address() {
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
  void an_interface_may_have_a_unicast_address_only(String text, boolean unicast, boolean zero) {
    MacAddress mac = MacAddress.parse(text).orElseThrow();
    assertThat(mac.isUnicast()).isEqualTo(unicast);
    assertThat(mac.isZero()).isEqualTo(zero);
  }
}
