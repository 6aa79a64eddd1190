package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.preflight.PreflightScene.links;
import static dev.podbond.bonding.preflight.PreflightScene.on;
import static dev.podbond.bonding.preflight.PreflightScene.vf1;
import static dev.podbond.bonding.preflight.PreflightScene.vfs;

import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.VfFixture;
import org.junit.jupiter.api.Test;

class MtuRulesTest {
  @Test
  void theBondsMtuFitsEveryMember() {
    NodeFacts facts = vfs(vf1(), VfFixture.of("pf1", 0, "0000:02:10.0", inPod("net2").mtu(1400)));

    on(bond("'mtu':1500"), facts)
        .containsExactly(
            "REFUSAL net2, VF 0 (0000:02:10.0) of PF pf1: its MTU is 1400, less than the 1500 of"
                + " the bond; set the bond's mtu to 1400 or less, or raise mtu in the VF's"
                + " SriovNetworkNodePolicy");
    on(bond("'mtu':1400"), facts).isEmpty();
    on(bond(), facts).isEmpty();
  }

  @Test
  void bondCnisOwnCasesOfSmallMembersAreRefused() {
    NodeFacts facts = links(inPod("net1").mtu(1000), inPod("net2").mtu(800));

    on(bond("'mtu':1200"), facts).hasSize(2);
    on(bond("'mtu':900"), facts).hasSize(1);
    on(bond("'mtu':800"), facts).isEmpty();
  }

  @Test
  void theBondsMtuFitsEveryPf() {
    NodeFacts facts =
        vfs(
            VfFixture.of("pf0", 0, "0000:01:10.0", inPod("net1").mtu(9000)).pfMtu(9000),
            VfFixture.of("pf1", 0, "0000:02:10.0", inPod("net2").mtu(9000)).pfMtu(1500));

    on(bond("'mtu':9000"), facts)
        .singleElement()
        .asString()
        .startsWith("REFUSAL net2, VF 0 (0000:02:10.0) of PF pf1: the MTU of PF pf1 is 1500");
    on(bond(), facts).singleElement().asString().startsWith("WARNING net2");
    on(bond("'mtu':1500"), facts).isEmpty();
  }
}
