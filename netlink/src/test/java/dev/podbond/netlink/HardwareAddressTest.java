package dev.podbond.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HardwareAddressTest {
  @Test
  void textAndBytesAreTwoFormsOfOneValue() {
    Property.holds(random -> {
      byte[] bytes = new byte[1 + random.nextInt(HardwareAddress.MAX_LENGTH)];
      random.nextBytes(bytes);
      HardwareAddress address = HardwareAddress.of(bytes);
      assertThat(address.toBytes()).isEqualTo(bytes);
      assertThat(HardwareAddress.parse(address.toString())).isEqualTo(address);
      assertThat(HardwareAddress.parse(address.toString())).hasSameHashCodeAs(address);
    });
  }

  @Test
  void dashesAndUpperCaseAreRead() {
    assertThat(HardwareAddress.parse("0A-1b-2C-3d-4E-5f")).hasToString("0a:1b:2c:3d:4e:5f");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "00:", "00:11:2", "zz:00:00:00:00:00", "00 11", "001122"})
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> HardwareAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theBytesGivenMayChangeLater() {
    byte[] bytes = {2, 0, 0, 0, 0, 1};
    HardwareAddress address = HardwareAddress.of(bytes);
    bytes[0] = 4;
    address.toBytes()[1] = 5;
    assertThat(address).hasToString("02:00:00:00:00:01");
  }

  @Test
  void addressesOfOtherBytesOrAnotherLengthDiffer() {
    HardwareAddress address = HardwareAddress.parse("02:00:00:00:00:01");
    HardwareAddress next = HardwareAddress.parse("02:00:00:00:00:02");
    assertThat(address).isNotEqualTo(next).doesNotHaveSameHashCodeAs(next);
    assertThat(address).isNotEqualTo(HardwareAddress.parse("02:00:00:00:00:01:00"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6, 20, 32})
  void anAddressIsAsLongAsItsBytes(int length) {
    assertThat(HardwareAddress.of(new byte[length]).length()).isEqualTo(length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 33})
  void lengthsThatTheKernelDoesNotKnowAreRefused(int length) {
    assertThatThrownBy(() -> HardwareAddress.of(new byte[length]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a hardware address has 1 to 32 bytes, not " + length);
  }
}
