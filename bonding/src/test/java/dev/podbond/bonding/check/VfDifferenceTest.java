package dev.podbond.bonding.check;

import static dev.podbond.bonding.check.BondScene.MAC1;
import static dev.podbond.bonding.check.BondScene.ODD;
import static dev.podbond.bonding.check.BondScene.texts;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.podbond.bonding.check.Expectation.ExpectedVf;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.VfFixture;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.value.MacAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Each difference of a VF as `CHECK` prints it.
class VfDifferenceTest {
  private static VfFixture vf() {
    return VfFixture.of("pf0", 0, "0000:01:10.0", inPod("net1"));
  }

  private static Expectation expectation(
      VfFixture vf, VfSettings pfSide, Optional<MacAddress> mac) {
    VfFacts facts = new FactsBuilder().vf(vf).facts().vfs().values().iterator().next();
    return new Expectation(
        Optional.empty(),
        List.of(new ExpectedVf(facts.ref(), Optional.of(LinkRef.pod("net1")), pfSide, mac)),
        LinkRef.pod("net1"),
        List.of(),
        List.of());
  }

  private static final String VF = "VF 0 (0000:01:10.0) of PF pf0: ";

  @Test
  void whatItsPfHoldsForIt() {
    VfSettings wanted =
        VfSettings.NONE
            .with(VfSetting.ADMIN_MAC, ODD)
            .with(VfSetting.VLAN, new VfVlan(5, 3, VlanProtocol.DOT1AD))
            .with(VfSetting.MIN_TX_RATE_MBPS, 10)
            .with(VfSetting.MAX_TX_RATE_MBPS, 100)
            .with(VfSetting.SPOOF_CHECK, true)
            .with(VfSetting.TRUST, false)
            .with(VfSetting.LINK_STATE, VfLinkState.ENABLE);
    NodeFacts facts = new FactsBuilder().vf(vf()).facts();
    assertThat(texts(Comparison.differences(expectation(vf(), wanted, Optional.empty()), facts)))
        .containsExactly(
            VF + "admin MAC should be " + ODD + ", found 02:11:00:00:01:10",
            VF + "VLAN should be 5 qos 3 proto 802.1ad, found 0",
            VF + "min tx rate should be 10, found 0",
            VF + "max tx rate should be 100, found 0",
            VF + "spoof check should be true, found false",
            VF + "trust should be false, found true",
            VF + "link state should be enable, found auto");
  }

  @Test
  void whatANicDoesNotReportIsNamedAsSuch() {
    VfSettings wanted = VfSettings.NONE.with(VfSetting.TRUST, true);
    VfFixture silent = vf().trustUnknown();
    NodeFacts facts = new FactsBuilder().vf(silent).facts();
    assertThat(texts(Comparison.differences(expectation(silent, wanted, Optional.empty()), facts)))
        .containsExactly(VF + "trust should be true, found nothing the kernel reports");
  }

  @Test
  void itsInterface() {
    Expectation expected = expectation(vf(), VfSettings.NONE, Optional.of(MAC1));
    assertThat(texts(Comparison.differences(expected, new FactsBuilder().facts())))
        .containsExactly(
            "net1 in the pod: interface should be of VF 0 (0000:01:10.0) of PF pf0, found nothing");
    NodeFacts other = new FactsBuilder().link(inPod("net1")).facts();
    assertThat(texts(Comparison.differences(expected, other)))
        .singleElement()
        .asString()
        .endsWith("found another link");
    NodeFacts down =
        new FactsBuilder().vf(VfFixture.of("pf0", 0, "0000:01:10.0", inPod("net1").down())).facts();
    assertThat(texts(Comparison.differences(expected, down)))
        .containsExactly(
            "net1 in the pod: state should be up, found down",
            "net1 in the pod: MAC should be " + MAC1 + ", found 02:11:00:00:01:10");
  }

  @Test
  void onlyAMacMayComeRightByItself() {
    NodeFacts down =
        new FactsBuilder().vf(VfFixture.of("pf0", 0, "0000:01:10.0", inPod("net1").down())).facts();
    assertThat(Comparison.differences(expectation(vf(), VfSettings.NONE, Optional.of(MAC1)), down))
        .extracting(Difference::attribute, Difference::mayPass)
        .containsExactly(tuple("state", false), tuple("MAC", true));
  }

  @Test
  void aVfWithoutCarrier() {
    VfFixture vf = vf();
    Expectation expected = expectation(vf, VfSettings.NONE, Optional.empty());
    assertThat(Comparison.degradations(expected, new FactsBuilder().vf(vf).facts())).isEmpty();
    NodeFacts dead =
        new FactsBuilder()
            .vf(VfFixture.of("pf0", 0, "0000:01:10.0", inPod("net1").noCarrier()))
            .facts();
    assertThat(texts(Comparison.degradations(expected, dead)))
        .containsExactly("net1 in the pod: carrier should be there, found none");
  }
}
