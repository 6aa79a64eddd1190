package dev.podbond.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VfVlanTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, DOT1Q, 0",
    "4095, 0, DOT1Q, 4095",
    "100, 7, DOT1Q, 100 qos 7",
    "100, 0, DOT1AD, 100 proto 802.1ad",
    "100, 1, DOT1AD, 100 qos 1 proto 802.1ad",
  })
  void isWrittenWithWhatIsNotUsual(int id, int qos, VlanProtocol protocol, String text) {
    assertThat(new VfVlan(id, qos, protocol)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "4096, 0", "0, -1", "0, 8"})
  void whatATagCannotCarryIsRefused(int id, int qos) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VfVlan(id, qos, VlanProtocol.DOT1Q))
        .withMessage("VLAN id %d is not in 0..4095, or priority %d not in 0..7", id, qos);
  }
}
