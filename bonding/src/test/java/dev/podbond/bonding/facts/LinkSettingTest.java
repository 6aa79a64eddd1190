package dev.podbond.bonding.facts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which values a setting can have: what is read from a record goes to the kernel as it is.
class LinkSettingTest {
  @ParameterizedTest
  @CsvSource({
    "0, true",
    "1000, true",
    "4294967295, true",
    "4294967296, false",
    "-1, false",
    "+5, false",
    "007, false",
    "1e3, false",
    "on, false",
    "'', false",
  })
  void aNumberHas32BitsAndNoSign(String value, boolean taken) {
    assertThat(LinkSetting.TX_QUEUE_LENGTH.takes(value)).isEqualTo(taken);
  }

  @ParameterizedTest
  @CsvSource({"on, true", "off, true", "ON, false", "1, false", "'', false"})
  void aSwitchIsOnOrOff(String value, boolean taken) {
    assertThat(LinkSetting.ARP.takes(value)).isEqualTo(taken);
  }

  @ParameterizedTest
  @CsvSource({"ff:ff:ff:ff:ff:ff, true", "ff:ff:ff:ff:ff, false", "'', false"})
  void aBroadcastAddressIsAMac(String value, boolean taken) {
    assertThat(LinkSetting.BROADCAST.takes(value)).isEqualTo(taken);
  }

  /// `IFALIASZ` is 256 with the final zero.
  @Test
  void anAliasIsATextThatTheKernelCanHold() {
    assertThat(LinkSetting.ALIAS.takes("")).isTrue();
    assertThat(LinkSetting.ALIAS.takes("x".repeat(255))).isTrue();
    assertThat(LinkSetting.ALIAS.takes("x".repeat(256))).isFalse();
    assertThat(LinkSetting.ALIAS.takes("\0x")).isFalse();
    assertThat(LinkSetting.ALIAS.takes("x\0")).isFalse();
  }
}
