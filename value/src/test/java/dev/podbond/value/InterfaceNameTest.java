package dev.podbond.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterfaceNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"net1", "bond0.4094", "a", "...", "enp1s0f0v127np0", "!~", "eth-0_x@y"})
  void theKernelTakesThese(String name) {
    assertThat(InterfaceName.isValid(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "a/b", "eth0:1", "a b", "eth%d", "tab\t", "del\u007f", "umläut"})
  void theKernelOrItsToolsRefuseThese(String name) {
    assertThat(InterfaceName.isValid(name)).isFalse();
    assertThat(InterfaceName.isValidAlternative(name)).isFalse();
  }

  @Test
  void alternativeNamesMayBeLonger() {
    assertThat(InterfaceName.isValid("x".repeat(15))).isTrue();
    assertThat(InterfaceName.isValid("x".repeat(16))).isFalse();
    assertThat(InterfaceName.isValidAlternative("x".repeat(127))).isTrue();
    assertThat(InterfaceName.isValidAlternative("x".repeat(128))).isFalse();
  }
}
