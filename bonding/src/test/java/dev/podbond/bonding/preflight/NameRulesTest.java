package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static dev.podbond.bonding.preflight.PreflightScene.DEVICES;
import static dev.podbond.bonding.preflight.PreflightScene.hostVf1;
import static dev.podbond.bonding.preflight.PreflightScene.hostVf2;
import static dev.podbond.bonding.preflight.PreflightScene.links;
import static dev.podbond.bonding.preflight.PreflightScene.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NameRulesTest {
  @Test
  void theBondsNameAndAlternativeNameMustBeFreeInThePod() {
    NodeFacts facts =
        links(inPod("net1"), inPod("net2"), inPod("eth9").altName("bond0").kind("vlan"));

    on(bond(), facts)
        .containsExactly(
            "REFUSAL bond bond0: the name bond0 is taken in the pod by vlan eth9 in the pod; give"
                + " the bond another in the pod's annotation");
    assertThat(Preflight.findings(bond(), new BondNames("lan", Optional.of("bond0")), facts))
        .singleElement()
        .extracting(Finding::severity)
        .isEqualTo(Severity.REFUSAL);
    on(bond(), links(inPod("net1"), inPod("net2"), onHost("bond0"))).isEmpty();
  }

  @Test
  void aMemberMustNotBeTheBondItself() {
    on(bond("'links':[{'name':'bond0'},{'name':'net2'}]"), links(inPod("bond0"), inPod("net2")))
        .containsExactly(
            "REFUSAL bond0: it is to be a member of the bond and the bond itself is to be called"
                + " bond0; name other links, or give the bond another name in the pod's"
                + " annotation");
    on(bond(), links(inPod("net1").altName("bond0"), inPod("net2")))
        .singleElement()
        .asString()
        .startsWith("REFUSAL net1: it is to be a member of the bond and the bond itself");
  }

  @Test
  void aBondThatIsListedBeforeItsMembersIsToBeListedAfterThem() {
    assertThat(Preflight.findings(bond(), new BondNames("net1", Optional.empty()), links()))
        .extracting(Finding::toString)
        .contains(
            "net1: it is to be a member of the bond and the bond itself is to be called net1, since"
                + " the bond's network attachment is listed before its members' in the pod's"
                + " annotation; list it after them");
  }

  @Test
  void theNameOfTheVlanInterfaceMustBeFreeInThePod() {
    on(bond("'vlan':5"), links(inPod("net1"), inPod("net2"), inPod("bond0.5")))
        .singleElement()
        .asString()
        .startsWith("REFUSAL bond bond0: the name of its VLAN interface is taken in the pod by");
  }

  @Test
  void aLinkThatComesIntoThePodNeedsItsNameThere() {
    on(
            bond("'linksInContainer':false"),
            links(onHost("net1"), onHost("net2"), inPod("net1").kind("veth")))
        .containsExactly(
            "REFUSAL net1: it cannot come into the pod, where its name is taken by veth net1 in"
                + " the pod; give it another name");
    on(bond(DEVICES), new FactsBuilder().vf(hostVf1()).vf(hostVf2()).link(inPod("right")).facts())
        .singleElement()
        .asString()
        .startsWith("REFUSAL right, VF 0 (0000:02:10.0) of PF pf1: it cannot come into the pod");
  }
}
