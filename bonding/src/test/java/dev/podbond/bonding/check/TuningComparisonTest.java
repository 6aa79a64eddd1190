package dev.podbond.bonding.check;

import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.SavedLink;
import dev.podbond.bonding.facts.LinkSetting;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Of which links the tuning is compared.
class TuningComparisonTest {
  private static final String PCI = "0000:01:10.0";

  private static LinkFixture tuned(LinkFixture link, String arp, String promisc) {
    return link.pci(PCI).tuned(LinkSetting.ARP, arp).tuned(LinkSetting.PROMISC, promisc);
  }

  private static Attachment record(LinkFixture before) {
    SavedLink saved = SavedLink.of(tuned(before, "on", "off").facts(1), "net1");
    return Attachment.prepared(
            new AttachmentKey("c1", "net3"), "net", "bond", "/run/netns/pod", JsonObject.of())
        .withTaken(List.of(saved), List.of());
  }

  private static NodeFacts now(LinkFixture link) {
    return new FactsBuilder().link(tuned(link, "off", "on")).facts();
  }

  @Test
  void aLinkOfTheHostIsComparedAsLongAsItIsInThePod() {
    Attachment record = record(onHost("ens1f0v0"));
    assertThat(TuningComparison.differences(record, now(inPod("net1"))))
        .extracting(Difference::toString)
        .containsExactly("net1 in the pod: arp should be on, found off");
    assertThat(TuningComparison.remarks(record, now(inPod("net1"))))
        .extracting(Difference::toString)
        .containsExactly("net1 in the pod: promisc should be off, found on");
    assertThat(TuningComparison.differences(record, now(onHost("ens1f0v0")))).isEmpty();
    assertThat(TuningComparison.remarks(record, now(onHost("ens1f0v0")))).isEmpty();
  }

  /// Its tuning is the pod's own matter: DEL leaves it alone.
  @Test
  void aLinkThatWasInThePodBeforeIsNotCompared() {
    Attachment record = record(inPod("net1"));
    assertThat(TuningComparison.differences(record, now(inPod("net1")))).isEmpty();
    assertThat(TuningComparison.remarks(record, now(inPod("net1")))).isEmpty();
  }
}
