package dev.podbond.bonding.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BondNamesTest {
  @ParameterizedTest
  @CsvSource({
    // CNI_IFNAME, ifname, the bond's name, its alternative name
    "net3,,net3,",
    "net3,bond0,bond0,net3",
    "net3,net3,net3,",
    "net12,lan,lan,net12",
    "bond1,,bond1,",
    "bond1,bond0,bond1,bond0",
    "bond0,bond0,bond0,",
    "net,bond0,net,bond0",
    "net3a,bond0,net3a,bond0",
    "Net3,bond0,Net3,bond0",
    "lan,a-name-that-is-too-long-for-a-name,lan,a-name-that-is-too-long-for-a-name",
  })
  void ifname_names_the_bond_unless_another_name_was_plainly_asked_for(
      String cniIfname, String ifname, String name, String altName) throws Exception {
    assertThat(BondNames.of(cniIfname, Optional.ofNullable(ifname)))
        .isEqualTo(new BondNames(name, Optional.ofNullable(altName)));
  }

  @Test
  void refuses_what_the_kernel_would() {
    assertThatThrownBy(() -> BondNames.of("net3", Optional.of("a-name-that-is-too-long")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith("ifname is \"a-name-that-is-too-long\": it must be an interface");
    assertThatThrownBy(() -> BondNames.of("net/3", Optional.empty()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith("CNI_IFNAME is \"net/3\"");
    assertThatThrownBy(() -> BondNames.of("default", Optional.empty()))
        .isInstanceOf(InvalidConfigException.class);
  }
}
