package dev.podbond.bonding.plan;

import static dev.podbond.bonding.fixture.Configurations.sriov;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.config.SriovConfig;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.fixture.VfFixture;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// VFs that come home at the same time, as a driver names them: each may have the other's name.
class HomeNamesTest {
  private static final SriovConfig CONFIG = sriov("'vlan':0");
  private static final PciAddress PCI = CONFIG.device();
  private static final Attachment OF_ETH1 =
      VfPlanner.prepare(
          new AttachmentKey("c1", "net1"),
          "/run/netns/pod",
          JsonObject.of(),
          CONFIG,
          new FactsBuilder().vf(vf(onHost("eth1"))).facts());

  private static VfFixture vf(LinkFixture link) {
    return VfFixture.of("pf0", 0, "0000:01:10.0", link);
  }

  private static VfFixture otherVf(String name) {
    return VfFixture.of("pf0", 1, "0000:01:10.2", onHost(name));
  }

  private static List<String> makingWay(Set<PciAddress> rebound, NodeFacts facts) {
    return HomeNames.makingWay(OF_ETH1, rebound, facts).steps().stream()
        .map(step -> step.change().toString())
        .toList();
  }

  @Test
  void makesWayForTheVfThatHasItsName() {
    NodeFacts swapped = new FactsBuilder().vf(vf(onHost("eth0"))).vf(otherVf("eth1")).facts();
    assertThat(HomeNames.areFree(OF_ETH1, swapped)).isFalse();
    assertThat(makingWay(Set.of(PCI), swapped))
        .containsExactly("rename eth0 on the host to eth1_1");
  }

  @Test
  void aNameThatItsDriverHasNotGivenJustNowIsKept() {
    NodeFacts swapped = new FactsBuilder().vf(vf(onHost("eth0"))).vf(otherVf("eth1")).facts();
    assertThat(makingWay(Set.of(), swapped)).isEmpty();
    assertThat(makingWay(Set.of(PciAddress.parse("0000:01:10.2").orElseThrow()), swapped))
        .isEmpty();
  }

  @Test
  void aFreeNameIsWaitedForByNobody() {
    for (NodeFacts facts :
        List.of(
            new FactsBuilder().vf(vf(onHost("eth1"))).vf(otherVf("eth0")).facts(),
            new FactsBuilder().vf(vf(onHost("eth0"))).vf(otherVf("eth2")).facts(),
            new FactsBuilder().vf(vf(inPod("net1"))).facts())) {
      assertThat(HomeNames.areFree(OF_ETH1, facts)).isTrue();
      assertThat(makingWay(Set.of(PCI), facts)).isEmpty();
    }
  }

  @Test
  void inThePodItWaitsForItsName() {
    NodeFacts facts = new FactsBuilder().vf(vf(inPod("net1"))).vf(otherVf("eth1")).facts();
    assertThat(HomeNames.areFree(OF_ETH1, facts)).isFalse();
    assertThat(makingWay(Set.of(PCI), facts)).isEmpty();
  }

  @Test
  void aLinkThatIsNoVfKeepsTheName() {
    NodeFacts facts = new FactsBuilder().vf(vf(onHost("eth0"))).link(onHost("eth1")).facts();
    assertThat(HomeNames.areFree(OF_ETH1, facts)).isTrue();
    assertThat(makingWay(Set.of(PCI), facts)).containsExactly("rename eth0 on the host to eth1_1");
  }

  @Test
  void aVfWithoutAnInterfaceNeedsNoName() {
    assertThat(HomeNames.areFree(OF_ETH1, new FactsBuilder().vf(otherVf("eth1")).facts())).isTrue();
  }
}
