package dev.podbond.bonding.config;

import static dev.podbond.bonding.fixture.Configurations.SRIOV;
import static dev.podbond.bonding.fixture.Configurations.json;
import static dev.podbond.bonding.fixture.Configurations.sriov;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.json.JsonObject;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SriovConfigTest {
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0a").orElseThrow();

  private static JsonObject with(String members) {
    return json(SRIOV.substring(0, SRIOV.length() - 1) + "," + members + "}");
  }

  @Test
  void readsWhatTheSriovNetworkOperatorRenders() throws Exception {
    SriovConfig config = SriovConfig.parse(json(SRIOV), Optional.empty());

    assertThat(config.network()).isEqualTo("test");
    assertThat(config.device()).isEqualTo(new PciAddress(0, 1, 0x10, 0));
    assertThat(config.vf().settings().vlan()).contains(VfVlan.NONE);
    assertThat(config.vf().mac()).isEmpty();
    assertThat(config.strict()).isFalse();
  }

  @Test
  void takesAVfAsItIsWhenNothingIsAskedFor() throws Exception {
    SriovConfig config =
        SriovConfig.parse(json("{'name':'n','deviceID':'0000:01:10.0'}"), Optional.empty());

    assertThat(config.vf()).isEqualTo(VfConfig.NONE);
  }

  @Test
  void readsEveryField() {
    SriovConfig config =
        sriov(
            "'vlan':100,'VLANQOS':7,'vlanProto':'802.1ad','mac':'02-00-00-00-00-0A',"
                + "'spoofchk':'off','trust':'ON','link_state':'enable','min_tx_rate':5,"
                + "'max_tx_rate':0,'logLevel':'debug','logFile':'/tmp/x','strict':true");

    VfSettings settings = config.vf().settings();
    assertThat(settings.vlan()).contains(new VfVlan(100, 7, VlanProtocol.DOT1AD));
    assertThat(settings.adminMac()).contains(MAC);
    assertThat(config.vf().mac()).contains(MAC);
    assertThat(settings.spoofCheck()).contains(false);
    assertThat(settings.trust()).contains(true);
    assertThat(settings.linkState()).contains(VfLinkState.ENABLE);
    assertThat(settings.minTxRateMbps()).hasValue(5);
    assertThat(settings.maxTxRateMbps()).hasValue(0);
    assertThat(config.logLevel()).contains("debug");
    assertThat(config.logFile()).contains("/tmp/x");
    assertThat(config.strict()).isTrue();
  }

  @Test
  void theTwoRatesMayBeEqual() {
    VfSettings settings = sriov("'min_tx_rate':10,'max_tx_rate':10").vf().settings();
    assertThat(settings.minTxRateMbps()).hasValue(10);
    assertThat(settings.maxTxRateMbps()).hasValue(10);
  }

  @Test
  void aNodeMayDemandStrictnessAndNeverLoosens() {
    NodeSettings strict = new NodeSettings(true, true);
    assertThat(sriov("'vlan':5").under(strict)).isEqualTo(sriov("'vlan':5,'strict':true"));
    assertThat(sriov("'vlan':5").under(NodeSettings.DEFAULT)).isEqualTo(sriov("'vlan':5"));
    assertThat(sriov("'strict':true").under(NodeSettings.DEFAULT).strict()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'deviceID':'0000:02:10.0'",
        "'pciBusID':'0000:02:10.0'",
        "'runtimeConfig':{'deviceID':'0000:02:10.0'}",
        "'deviceID':'','pciBusID':'0000:02:10.0'",
        "'deviceID':'0000:02:10.0','runtimeConfig':{'deviceID':'0000:03:10.0'}",
      })
  void findsTheDeviceWhereverTheRuntimePutIt(String members) throws Exception {
    assertThat(SriovConfig.parse(json("{'name':'n'," + members + "}"), Optional.empty()).device())
        .isEqualTo(new PciAddress(0, 2, 0x10, 0));
  }

  @Test
  void thePodsRequestForAMacGoesBeforeCniArgsAndTheConfiguration() throws Exception {
    String own = "'mac':'02:00:00:00:00:0c'";

    assertThat(SriovConfig.parse(with(own), Optional.of("02:00:00:00:00:0A")).vf().mac())
        .contains(MAC);
    assertThat(
            SriovConfig.parse(
                    with(own + ",'runtimeConfig':{'mac':'02:00:00:00:00:0a'}"),
                    Optional.of("02:00:00:00:00:0b"))
                .vf()
                .mac())
        .contains(MAC);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'deviceID':null | deviceID is missing: it must be the PCI address of a VF; Multus adds it"
            + " when the network attachment definition has the annotation"
            + " k8s.v1.cni.cncf.io/resourceName and a container of the pod requests that resource",
        "'deviceID':'eth0' | deviceID is \"eth0\": it must be a PCI address, such as 0000:01:10.0",
        "'deviceID':5 | deviceID is 5",
        "'vlan':-1 | vlan is -1: it must be a whole number from 0 to 4094",
        "'vlan':4095 | vlan is 4095",
        "'vlan':'5' | vlan is \"5\": it must be a whole number from 0 to 4094, no string",
        "'vlan':5,'vlanQoS':8 | vlanQoS is 8: it must be a whole number from 0 to 7",
        "'vlanQoS':3 | vlanQoS is 3: it needs a vlan other than 0",
        "'vlan':null,'vlanQoS':3 | vlanQoS is 3: it needs a vlan other than 0",
        "'vlanProto':'802.1ad' | vlanProto is \"802.1ad\": it needs a vlan other than 0",
        "'vlan':5,'vlanProto':'802.1x' | vlanProto is \"802.1x\": it must be 802.1q or 802.1ad",
        "'mac':'01:00:00:00:00:00' | mac is \"01:00:00:00:00:00\": it must be a unicast MAC",
        "'spoofchk':'yes' | spoofchk is \"yes\": it must be \"on\" or \"off\"",
        "'trust':1 | trust is 1: it must be \"on\" or \"off\"",
        "'link_state':'up' | link_state is \"up\": it must be auto, enable or disable",
        "'min_tx_rate':-1 | min_tx_rate is -1",
        "'min_tx_rate':10,'max_tx_rate':5 | min_tx_rate is 10: it must not be more than"
            + " max_tx_rate, 5 Mbit/s",
        "'ipam':{'type':'sriov'} | ipam.type is \"sriov\"",
        "'logLevel':{} | logLevel is an object: it must be a log level, as a string",
      })
  void refusesByKeyFoundValueAndRemedy(String members, String text) {
    InvalidConfigException refusal =
        catchThrowableOfType(
            InvalidConfigException.class, () -> SriovConfig.parse(with(members), Optional.empty()));

    assertThat(refusal).as(members).isNotNull().hasMessageStartingWith(text.strip());
    assertThat(refusal.problems()).hasSize(1);
  }
}
