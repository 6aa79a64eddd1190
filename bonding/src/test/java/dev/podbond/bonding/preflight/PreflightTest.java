package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.BOND0;
import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static dev.podbond.bonding.preflight.PreflightScene.DEVICES;
import static dev.podbond.bonding.preflight.PreflightScene.hostVf1;
import static dev.podbond.bonding.preflight.PreflightScene.hostVf2;
import static dev.podbond.bonding.preflight.PreflightScene.links;
import static dev.podbond.bonding.preflight.PreflightScene.on;
import static dev.podbond.bonding.preflight.PreflightScene.vf1;
import static dev.podbond.bonding.preflight.PreflightScene.vf2;
import static dev.podbond.bonding.preflight.PreflightScene.vfs;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PreflightTest {
  @Test
  void aGoodBondOfTwoPfsRaisesNothing() {
    on(bond(), vfs(vf1(), vf2())).isEmpty();
    on(bond(), vfs(vf1().trust(false), vf2().trust(false))).isEmpty();
    on(bond(DEVICES), vfs(hostVf1(), hostVf2())).isEmpty();
    on(bond("'mtu':1500"), links(inPod("net1"), inPod("net2"))).isEmpty();
    on(bond("'linksInContainer':false"), links(onHost("net1"), onHost("net2"))).isEmpty();
  }

  @Test
  void aRuleForEachMemberIsAskedForAllOfThemInTheirOrder() {
    BondRule rule =
        BondRule.forEach((member, _) -> Stream.of(Finding.warning(member.label(), "seen")));
    PreflightInput input = PreflightInput.of(bond(), BOND0, links(inPod("net2"), inPod("net1")));

    assertThat(rule.check(input))
        .extracting(Finding::toString)
        .containsExactly("net1: seen", "net2: seen");
  }

  @Test
  void strictnessMakesWarningsRefusals() {
    List<Finding> findings =
        Preflight.findings(bond(), BOND0, vfs(vf1().pfWithoutCarrier(), vf2()));

    assertThat(Preflight.refusals(findings, false)).isEmpty();
    assertThat(Preflight.refusals(findings, true)).isEqualTo(findings).hasSize(1);
  }
}
