package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.BOND0;
import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static dev.podbond.bonding.preflight.PreflightScene.links;
import static dev.podbond.bonding.preflight.PreflightScene.on;
import static dev.podbond.bonding.preflight.PreflightScene.vf1;
import static dev.podbond.bonding.preflight.PreflightScene.vf2;
import static dev.podbond.bonding.preflight.PreflightScene.vfs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.VfFixture;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.redundancy.Failure;
import org.junit.jupiter.api.Test;

class RedundancyRulesTest {
  private static VfFixture samePf() {
    return VfFixture.of("pf0", 1, "0000:01:10.2", inPod("net2"));
  }

  @Test
  void twoVfsOfOnePfAreNoRedundancy() {
    on(bond(), vfs(vf1(), samePf()))
        .containsExactly(
            "WARNING bond bond0: net1 and net2 are VFs of one PF, pf0, so one dead cable takes"
                + " both; take VFs of different PFs (one SriovNetworkNodePolicy and resourceName"
                + " for each PF)");
  }

  @Test
  void twoLacpSpeakersOnOnePortNeverAgreeWithIt() {
    assertThat(
            Preflight.refusals(
                Preflight.findings(
                    bond("'mode':'lacp','failOverMac':0"), BOND0, vfs(vf1(), samePf())),
                false))
        .singleElement()
        .asString()
        .contains("net1 and net2 are VFs of one PF, pf0: two LACP speakers");
  }

  @Test
  void lacpOverVfsWorksForOnePodAtMost() {
    on(bond("'mode':'lacp','failOverMac':0"), vfs(vf1(), vf2()))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("WARNING net1, VF 0 (0000:01:10.0) of PF pf0: 802.3ad over a VF works only");
    on(bond("'mode':'lacp','failOverMac':0"), links(inPod("net1"), inPod("net2"))).isEmpty();
  }

  @Test
  void lacpOverAPfThatSpeaksItItselfIsRefused() {
    NodeFacts facts =
        new FactsBuilder()
            .vf(vf1().pfInBond("bond7"))
            .vf(vf2().pfInBond("bond8"))
            .link(onHost("bond7").bond(BondMode.LACP))
            .link(onHost("bond8").bond(BondMode.ACTIVE_BACKUP))
            .facts();

    on(bond("'mode':'lacp','failOverMac':0"), facts)
        .anySatisfy(finding ->
            assertThat(finding)
                .startsWith(
                    "REFUSAL net1, VF 0 (0000:01:10.0) of PF pf0: PF pf0 already speaks LACP"
                        + " on its port, for the host's bond bond7"))
        .anySatisfy(finding ->
            assertThat(finding)
                .startsWith("WARNING net2")
                .endsWith("use PF pf1 (member of bond8)"));
  }

  @Test
  void pfsInOneHostBondLoseFramesAndPfsInOneEachDoNot() {
    on(bond(), vfs(vf1().pfInBond("bond7"), vf2().pfInBond("bond7")))
        .singleElement()
        .asString()
        .startsWith(
            "WARNING bond bond0: the PFs of net1 and net2 are both members of the host's bond"
                + " bond7");
    on(bond(), vfs(vf1().pfInBond("bond7"), vf2().pfInBond("bond8"))).isEmpty();
  }

  @Test
  void pfsThatTheNicJoinsMakeABondOfVfsIdle() {
    on(
            bond(),
            vfs(
                vf1().pfInBond("bond7").pfSwitch("56fb1500"),
                vf2().pfInBond("bond7").pfSwitch("56fb1500")))
        .containsExactly(
            "WARNING bond bond0: VfLag: the NIC itself joins the PFs of net1 and net2, in the"
                + " host's bond bond7, so that each of these VFs has both ports already and a bond"
                + " of them adds nothing; give the pod one of them without a bond, or take VFs of"
                + " two cards");
    on(
            bond(),
            vfs(
                vf1().pfInBond("bond7").pfSwitch("56fb1500"),
                vf2().pfInBond("bond7").pfSwitch("77aa1500")))
        .singleElement()
        .asString()
        .contains("are both members of the host's bond bond7");
  }

  @Test
  void aPartnerOfThePfTellsThatItSpeaksLacpAndWhichSwitchItIs() {
    NodeFacts facts =
        vfs(
            vf1().pfInBond("up0").pfLacpSystem("00:1c:73:00:00:01"),
            vf2().pfInBond("up1").pfLacpSystem("00:1c:73:00:00:01"));
    on(bond("'mode':'lacp','failOverMac':0"), facts)
        .hasSize(2)
        .allSatisfy(finding -> assertThat(finding).contains("already speaks LACP on its port"));
    on(bond(), facts).isEmpty();
    assertThat(Preflight.survival(bond(), BOND0, facts).answer(Failure.SWITCH))
        .hasToString("probably not, by the LACP partner 00:1c:73:00:00:01");
  }

  @Test
  void membersBelongIntoOneVlan() {
    on(bond(), vfs(vf1().vlan(5), vf2().vlan(6)))
        .containsExactly(
            "WARNING bond bond0: its members are in different VLANs, [5, 6], so a failover changes"
                + " the network; set the same vlan in their SriovNetworks");
    on(bond(), vfs(vf1().vlan(5), vf2().vlan(5))).isEmpty();
  }

  @Test
  void whatABondWouldSurviveFollowsFromThePfsOfItsMembers() {
    assertThat(Preflight.survival(bond(), BOND0, vfs(vf1(), vf2())))
        .hasToString("cable,port,card?");
    assertThat(Preflight.survival(bond(), BOND0, vfs(vf1(), samePf()))).hasToString("nothing");
    assertThat(Preflight.survival(bond(), BOND0, links(inPod("net1"), inPod("net2"))))
        .hasToString("unknown");
    assertThat(Preflight.survival(bond("'miimon':0"), BOND0, vfs(vf1(), vf2())))
        .as("not monitored")
        .hasToString("nothing");
  }
}
