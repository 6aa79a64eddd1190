package dev.podbond.bonding.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.json.Json;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the node's preflight and the cluster's assessment both judge by.
final class VfConcernTest {
  private record Vf(
      Optional<Boolean> trust,
      Optional<Boolean> spoofCheck,
      Optional<VfLinkState> linkState,
      Optional<VfVlan> vlan)
      implements VfView {
    static final Vf UNKNOWN =
        new Vf(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    Vf with(boolean trusted, boolean spoofChecked) {
      return new Vf(Optional.of(trusted), Optional.of(spoofChecked), linkState, vlan);
    }

    Vf with(VfLinkState state) {
      return new Vf(trust, spoofCheck, Optional.of(state), vlan);
    }

    Vf with(VfVlan inVlan) {
      return new Vf(trust, spoofCheck, linkState, Optional.of(inVlan));
    }
  }

  private static BondConfig bond(String monitoring) throws Exception {
    return BondConfig.parse(
        Json.parseObject(
            "{\"name\":\"n\",\"mode\":\"active-backup\",\"links\":[{\"name\":\"net1\"},{\"name\":\"net2\"}],"
                + monitoring
                + "}"),
        Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"miimon\":100                                        | true",
        "\"arpInterval\":0,\"miimon\":100                      | true",
        "\"arpInterval\":200,\"arpIpTarget\":[\"10.0.0.1\"]    | false"
      })
  void aFixedCarrierIsFearedUnlessArpMonitoringLooksBehindIt(String monitoring, boolean feared)
      throws Exception {
    assertThat(
            VfConcern.of(bond(monitoring), Vf.UNKNOWN.with(VfLinkState.ENABLE), false)
                .contains(VfConcern.LINK_FIXED))
        .isEqualTo(feared);
  }

  @Test
  void aVfThatIsDisabledNeverHasACarrierWhateverTheMonitoring() throws Exception {
    assertThat(VfConcern.of(bond("\"miimon\":100"), Vf.UNKNOWN.with(VfLinkState.DISABLE), true))
        .isEqualTo(Set.of(VfConcern.LINK_DISABLED));
  }

  @Test
  void trustAndSpoofCheckConcernOnlyAVfThatTakesAnotherMac() throws Exception {
    Vf plain = Vf.UNKNOWN.with(false, true);
    assertThat(VfConcern.of(bond("\"miimon\":100"), plain, true))
        .isEqualTo(Set.of(VfConcern.UNTRUSTED, VfConcern.SPOOF_CHECKED));
    assertThat(VfConcern.of(bond("\"miimon\":100"), plain, false)).isEmpty();
    assertThat(VfConcern.of(bond("\"miimon\":100"), Vf.UNKNOWN.with(true, false), true)).isEmpty();
  }

  @Test
  void whatIsNotKnownIsNotFeared() throws Exception {
    assertThat(VfConcern.of(bond("\"miimon\":100"), Vf.UNKNOWN, true)).isEmpty();
    assertThat(VfView.vlans(List.of(Vf.UNKNOWN, Vf.UNKNOWN))).isEmpty();
  }

  @Test
  void vlansDifferAlsoByPriorityAndProtocolButNoVlanIsNoVlan() {
    Vf vlan5 = Vf.UNKNOWN.with(new VfVlan(5, 0, VlanProtocol.DOT1Q));
    Vf none = Vf.UNKNOWN.with(new VfVlan(0, 3, VlanProtocol.DOT1AD));
    assertThat(VfView.vlans(List.of(vlan5, vlan5, Vf.UNKNOWN))).hasSize(1);
    assertThat(VfView.vlans(List.of(vlan5, Vf.UNKNOWN.with(new VfVlan(5, 1, VlanProtocol.DOT1Q)))))
        .hasSize(2);
    assertThat(VfView.vlans(List.of(vlan5, Vf.UNKNOWN.with(new VfVlan(5, 0, VlanProtocol.DOT1AD)))))
        .hasSize(2);
    assertThat(VfView.vlans(List.of(none, Vf.UNKNOWN.with(VfVlan.NONE)))).hasSize(1);
  }
}
