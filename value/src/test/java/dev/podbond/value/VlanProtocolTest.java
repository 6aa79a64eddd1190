package dev.podbond.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VlanProtocolTest {
  @ParameterizedTest
  @CsvSource({"DOT1Q, 0x8100, 802.1q, 802.1Q", "DOT1AD, 0x88a8, 802.1ad, 802.1AD"})
  void hasItsEtherTypeAndIproute2sName(
      VlanProtocol protocol, int etherType, String name, String otherwise) {
    assertThat(protocol.etherType()).isEqualTo(etherType);
    assertThat(VlanProtocol.of(etherType)).contains(protocol);
    assertThat(protocol).hasToString(name);
    assertThat(VlanProtocol.parse(name)).contains(protocol);
    assertThat(VlanProtocol.parse(otherwise)).contains(protocol);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0x0800, 0x9100})
  void otherEtherTypesAreNoTags(int etherType) {
    assertThat(VlanProtocol.of(etherType)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "802.1", "802.1ax", "qinq"})
  void otherTextsAreNoProtocol(String text) {
    assertThat(VlanProtocol.parse(text)).isEmpty();
  }
}
