package dev.podbond.bonding.config;

import static dev.podbond.bonding.fixture.Configurations.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VlanConfigTest {
  private static final String VLAN = "'name':'n','type':'bond','vlanOn':'bond0','vlan':100";

  @Test
  void readsEveryFieldWithGoSRulesForKeys() throws Exception {
    assertThat(VlanConfig.isOne(json("{" + VLAN + "}"))).isTrue();
    assertThat(VlanConfig.isOne(json("{'name':'n','type':'bond','vlan':100}"))).isFalse();
    assertThat(
            VlanConfig.parse(
                json(
                    "{'name':'n','VLANON':'bond0','Vlan':4094,'mtu':1400,'strict':true,"
                        + "'ipam':{'type':'static'},'other':1}"),
                Optional.empty()))
        .isEqualTo(new VlanConfig("n", "bond0", 4094, OptionalInt.of(1400), true));
    assertThat(VlanConfig.parse(json("{" + VLAN + "}"), Optional.empty()).mtuBytes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'name':'n','vlanOn':'bond0'                    | vlan is missing: it must be a VLAN id from 1 to 4094
          'name':'n','vlanOn':'bond0','vlan':0           | vlan is 0: it must be a whole number from 1 to 4094
          'name':'n','vlanOn':'bond0','vlan':4095        | vlan is 4095: it must be a whole number from 1 to 4094
          'name':'n','vlanOn':'bond0','vlan':'5'         | vlan is "5": it must be a whole number from 1 to 4094
          'name':'n','vlanOn':'../x','vlan':5            | vlanOn is "../x": it must be an interface name
          'name':'n','vlanOn':'all','vlan':5             | vlanOn is "all": it must be an interface name
          'name':'n','vlanOn':7,'vlan':5                 | vlanOn is 7: it must be the name of a bond
          'name':'n','vlanOn':'bond0','vlan':5,'mtu':10  | mtu is 10: it must be a whole number from 68 to 65535, or 0 for none
          'name':'n','vlanOn':'bond0','vlan':5,'links':[] | links is a list of 0: with vlanOn this is a VLAN
          'name':'n','vlanOn':'bond0','vlan':5,'Mode':'rr' | mode is "rr": with vlanOn this is a VLAN
          'name':'n','vlanOn':'bond0','vlan':5,'mac':'02:00:00:00:00:01' | mac is "02:00:00:00:00:01": a VLAN has the MAC of its bond
          'name':'n','vlanOn':'bond0','vlan':5,'ipam':{'type':'sriov'} | ipam.type is "sriov": it must be an IPAM plugin
          """)
  void refusesWhatCannotBeCarriedOut(String members, String problem) {
    InvalidConfigException refusal =
        catchThrowableOfType(
            InvalidConfigException.class,
            () -> VlanConfig.parse(json("{" + members + "}"), Optional.empty()));
    assertThat(refusal).hasMessageContaining(problem);
  }

  @Test
  void aNodeMayDemandStrictnessAndNeverLoosens() {
    VlanConfig lenient = new VlanConfig("n", "bond0", 5, OptionalInt.of(1400), false);
    VlanConfig strict = new VlanConfig("n", "bond0", 5, OptionalInt.of(1400), true);
    assertThat(lenient.under(new NodeSettings(true, true))).isEqualTo(strict);
    assertThat(lenient.under(NodeSettings.DEFAULT)).isEqualTo(lenient);
    assertThat(strict.under(NodeSettings.DEFAULT)).isEqualTo(strict);
  }

  @Test
  void aMacThatTheRuntimeAsksForIsNotSilentlyLeftOut() {
    InvalidConfigException refusal =
        catchThrowableOfType(
            InvalidConfigException.class,
            () -> VlanConfig.parse(json("{" + VLAN + "}"), Optional.of("02:00:00:00:00:01")));
    assertThat(refusal).hasMessageContaining("ask for it at the bond's network");
  }
}
