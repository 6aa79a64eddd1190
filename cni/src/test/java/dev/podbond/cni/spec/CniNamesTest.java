package dev.podbond.cni.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CniNamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"net1", "bond0.4094", "enp1s0f0v127np0", "üüüüüüü", "a"})
  void anInterfaceNameOfUpTo15BytesIsLetThrough(String name) throws Exception {
    CniNames.requireInterfaceName(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "a/b",
        "a:b",
        "a b",
        "a\tb",
        "a\rb",
        "a\u0085b",
        "a\u00a0b",
        "enp1s0f0v127np01",
        "üüüüüüüü"
      })
  void anInterfaceNameThatTheKernelRefusesIsCode4(String name) {
    assertThatThrownBy(() -> CniNames.requireInterfaceName(name))
        .isInstanceOfSatisfying(
            CniException.class,
            e -> assertThat(e.code()).isEqualTo(CniErrorCode.INVALID_ENVIRONMENT));
  }
}
