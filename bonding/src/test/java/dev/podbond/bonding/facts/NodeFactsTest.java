package dev.podbond.bonding.facts;

import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.VfFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeFactsTest {
  @Test
  void whatTheNodeUsesItsLinksForIsAddedToWhatIsKnown() {
    NodeFacts facts =
        new FactsBuilder()
            .vf(VfFixture.of("pf0", 0, "0000:01:10.0", onHost("net1")))
            .link(inPod("net1"))
            .facts();
    HostUse use = new HostUse(List.of(), List.of("net1.100"), 0);
    NodeFacts more = facts.withHostUses(Map.of("net1", use));

    LinkFacts ofTheNode = facts.links().getFirst();
    LinkFacts ofThePod = facts.links().getLast();
    assertThat(facts.hostUse(ofTheNode)).isEqualTo(HostUse.NONE);
    assertThat(more.hostUse(ofTheNode)).isEqualTo(use);
    assertThat(more.hostUse(ofThePod)).isEqualTo(HostUse.NONE);
    assertThat(more.withHostUses(Map.of())).isEqualTo(facts);
  }
}
