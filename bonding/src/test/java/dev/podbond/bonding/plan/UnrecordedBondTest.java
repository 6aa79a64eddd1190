package dev.podbond.bonding.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.option.BondMode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A bond of which only the network configuration is known: usually bond-cni's.
class UnrecordedBondTest {
  private static final BondNames NAMES = new BondNames("bond0", Optional.empty());

  private final FactsBuilder node =
      new FactsBuilder().link(LinkFixture.inPod("bond0").bond(BondMode.ACTIVE_BACKUP));

  private static List<String> dismantled(NodeFacts facts, boolean linksInContainer) {
    return AttachmentRemoval.unrecorded(NAMES, List.of("net1", "net2"), linksInContainer, facts)
        .steps()
        .stream()
        .map(step -> step.change().toString())
        .toList();
  }

  @Test
  void aConfiguredLinkThatNeverJoinedGoesHomeAsWell() {
    node.link(LinkFixture.inPod("net1").memberOf("bond0")).link(LinkFixture.inPod("net2"));
    assertThat(dismantled(node.facts(), false))
        .containsExactly(
            "delete bond bond0 in the pod",
            "move net1 in the pod to net1 on the host",
            "set net2 in the pod down",
            "move net2 in the pod to net2 on the host");
  }

  @Test
  void aConfiguredLinkThatIsInAnotherBondStaysThere() {
    node.link(LinkFixture.inPod("net1").memberOf("bond0"))
        .link(LinkFixture.inPod("other").bond(BondMode.ACTIVE_BACKUP))
        .link(LinkFixture.inPod("net2").memberOf("other"));
    assertThat(dismantled(node.facts(), false))
        .containsExactly(
            "delete bond bond0 in the pod", "move net1 in the pod to net1 on the host");
  }

  @Test
  void anotherBondsMembersAreNoReasonToKeepIt() {
    node.link(LinkFixture.inPod("net1").memberOf("bond0"))
        .link(LinkFixture.inPod("other").bond(BondMode.ACTIVE_BACKUP))
        .link(LinkFixture.inPod("foreign").memberOf("other"))
        .link(LinkFixture.onHost("bond0").bond(BondMode.ACTIVE_BACKUP))
        .link(LinkFixture.onHost("hosts").memberOf("bond0"));
    assertThat(dismantled(node.facts(), true)).containsExactly("delete bond bond0 in the pod");
  }

  @Test
  void whatFindsItsNameTakenAtHomeGetsOneLikeIt() {
    node.link(LinkFixture.inPod("net1").memberOf("bond0"))
        .link(LinkFixture.onHost("net1"))
        .link(LinkFixture.onHost("net1_1"));
    assertThat(dismantled(node.facts(), false))
        .containsExactly(
            "delete bond bond0 in the pod", "move net1 in the pod to net1_2 on the host");
  }

  @Test
  void theBondItselfGoesNowhereThoughALinkOfTheConfigurationHasItsName() {
    node.link(LinkFixture.inPod("net1").memberOf("bond0"));
    assertThat(
            AttachmentRemoval.unrecorded(NAMES, List.of("net1", "bond0"), false, node.facts())
                .steps())
        .hasSize(2);
  }
}
