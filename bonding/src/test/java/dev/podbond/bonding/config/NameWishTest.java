package dev.podbond.bonding.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.fixture.Configurations;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameWishTest {
  @ParameterizedTest
  @CsvSource({
    // CNI_IFNAME, what Multus says, ifnameFirst, where the bond stands
    "net3,LAST,,LAST",
    "net3,FOLLOWED,,FOLLOWED",
    "net3,UNKNOWN,,UNKNOWN",
    "net3,ASKED_FOR,,ASKED_FOR",
    "net12,UNKNOWN,true,LAST",
    "net3,FOLLOWED,true,LAST",
    "net3,LAST,false,FOLLOWED",
    "net3,UNKNOWN,null,UNKNOWN",
    "bond1,LAST,,ASKED_FOR",
    "bond1,UNKNOWN,true,ASKED_FOR",
    "net,LAST,,ASKED_FOR",
    "net3a,LAST,,ASKED_FOR",
    "Net3,LAST,,ASKED_FOR",
  })
  void theConfigurationKnowsBestAndANameThatWasAskedForGoesBefore(
      String cniIfname, Standing known, String ifnameFirst, Standing standing) throws Exception {
    String json = ifnameFirst == null ? "{}" : "{'ifnameFirst':" + ifnameFirst + "}";
    assertThat(
            NameWish.of(
                    Configurations.json(json),
                    cniIfname,
                    Optional.of("bond0"),
                    new PodNetworks(known, Set.of()))
                .standing())
        .isEqualTo(standing);
  }

  @Test
  void refusesWhatTheKernelWouldAndAFlagThatIsNone() {
    assertThatThrownBy(() -> wish("{}", "net/3"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith("CNI_IFNAME is \"net/3\"");
    assertThatThrownBy(() -> wish("{}", "default")).isInstanceOf(InvalidConfigException.class);
    assertThatThrownBy(() -> wish("{'ifnameFirst':'perhaps'}", "net3"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("ifnameFirst");
  }

  @Test
  void anIfnameThatIsTheRuntimesNameAsWellAsksForNothing() throws Exception {
    assertThat(wish("net3", Optional.of("net3")).both())
        .isEqualTo(new BondNames("net3", Optional.empty()));
    assertThat(wish("net3", Optional.of("bond0")).both())
        .isEqualTo(new BondNames("net3", Optional.of("bond0")));
  }

  private static NameWish wish(String cniIfname, Optional<String> ifname) throws Exception {
    return NameWish.of(Configurations.json("{}"), cniIfname, ifname, PodNetworks.UNKNOWN);
  }

  @Test
  void aNameThatAnInterfaceCanHaveIsTakenAsItIs() throws Exception {
    assertThat(CniIfname.require("net3")).isEqualTo("net3");
  }

  private static NameWish wish(String json, String cniIfname) throws Exception {
    return NameWish.of(Configurations.json(json), cniIfname, Optional.empty(), PodNetworks.UNKNOWN);
  }
}
