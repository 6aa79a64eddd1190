package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.preflight.PreflightScene.links;
import static dev.podbond.bonding.preflight.PreflightScene.on;
import static dev.podbond.bonding.preflight.PreflightScene.vf1;
import static dev.podbond.bonding.preflight.PreflightScene.vf2;
import static dev.podbond.bonding.preflight.PreflightScene.vfs;

import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.value.VfLinkState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CarrierRulesTest {
  @ParameterizedTest
  @ValueSource(strings = {"'miimon':0", "'miimon':'-1'"})
  void noLinkMonitoringIsUnwise(String members) {
    on(bond(members), vfs(vf1(), vf2()))
        .containsExactly(
            "WARNING bond bond0: no link monitoring: with miimon 0 a dead member is never"
                + " noticed; set miimon to 100, or arpInterval and arpIpTarget");
  }

  @Test
  void arpMonitoringIsMonitoringAndSoIsTheKernelsOwnMiimon() {
    on(
            bond("'miimon':0,'arpInterval':100,'arpIpTarget':'10.0.0.1'"),
            links(inPod("net1"), inPod("net2")))
        .isEmpty();
    on(bond("'mode':'tlb','failOverMac':0,'miimon':'-1'"), links(inPod("net1"), inPod("net2")))
        .isEmpty();
    on(bond("'mode':'lacp','failOverMac':0,'miimon':0"), links(inPod("net1"), inPod("net2")))
        .hasSize(1);
  }

  @Test
  void linkStateEnableHidesADeadCableFromMiimon() {
    NodeFacts facts = vfs(vf1().linkState(VfLinkState.ENABLE), vf2());

    on(bond(), facts)
        .containsExactly(
            "WARNING net1, VF 0 (0000:01:10.0) of PF pf0: its link state is enable: it keeps its"
                + " carrier when the PF's cable is dead, and the bond would not fail over; set"
                + " linkState: auto in its SriovNetwork");
    on(bond("'miimon':0,'arpInterval':100,'arpIpTarget':'10.0.0.1'"), facts).isEmpty();
  }

  @Test
  void linkStateDisableLeavesTheBondDegraded() {
    on(bond(), vfs(vf1().linkState(VfLinkState.DISABLE), vf2()))
        .singleElement()
        .asString()
        .startsWith("WARNING net1, VF 0 (0000:01:10.0) of PF pf0: its link state is disable");
  }

  @Test
  void aPfWithoutCarrierLeavesTheBondDegraded() {
    on(bond(), vfs(vf1().pfWithoutCarrier(), vf2()))
        .containsExactly(
            "WARNING net1, VF 0 (0000:01:10.0) of PF pf0: PF pf0 has no carrier; look at its"
                + " cable and switch port");
    on(bond(), vfs(vf1().pfDown(), vf2()))
        .containsExactly(
            "WARNING net1, VF 0 (0000:01:10.0) of PF pf0: PF pf0 is down, so the VF has no"
                + " carrier; ip link set pf0 up");
  }

  @Test
  void ofALinkThatIsDownNothingIsSaid() {
    on(bond(), links(inPod("net1").down(), inPod("net2"))).isEmpty();
    on(bond(), links(inPod("net1").noCarrier(), inPod("net2"))).hasSize(1);
  }
}
