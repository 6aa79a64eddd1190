package dev.podbond.bonding.attachment;

import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.LinkFixture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Where a link is found again, and what is not taken for it.
class SavedLinkTest {
  private static final String PCI = "0000:01:10.0";
  private static final String MAC = "02:00:00:00:00:0a";
  private static final String OTHER_MAC = "02:00:00:00:00:0b";

  private static void assertFound(SavedLink saved, LinkFacts now) {
    assertThat(locate(saved, now)).contains(now);
  }

  private static void assertLost(SavedLink saved, LinkFacts other) {
    assertThat(locate(saved, other)).isEmpty();
  }

  private static Optional<LinkFacts> locate(SavedLink saved, LinkFacts now) {
    return saved.locate(new NodeFacts(List.of(now), Map.of(), Map.of()));
  }

  @Test
  void aDeviceOfTheHostIsFoundInEitherNamespaceByItsAddressAlone() {
    SavedLink saved = SavedLink.of(onHost("ens1f0v0").pci(PCI).facts(3), "net1");
    assertFound(saved, inPod("eth7").pci(PCI).facts(9));
    assertFound(saved, onHost("net1").pci(PCI).facts(9));
    assertLost(saved, onHost("ens1f0v0").pci("0000:01:10.1").facts(3));
  }

  /// On the host it is for the attachment that brought it into the pod.
  @Test
  void aDeviceThatAnotherAttachmentBroughtIsFoundInThePodOnly() {
    SavedLink saved = SavedLink.of(inPod("net1").pci(PCI).facts(3), "net1");
    assertFound(saved, inPod("eth7").pci(PCI).facts(9));
    assertLost(saved, onHost("net1").pci(PCI).facts(3));
  }

  @Test
  void aVirtualLinkIsFoundAtHomeByItsIndexTogetherWithANameOrItsMac() {
    SavedLink saved = SavedLink.of(inPod("net1").kind("macvlan").mac(MAC).facts(3), "left");
    for (LinkFixture same :
        List.of(
            inPod("net1").mac(OTHER_MAC), inPod("left").mac(OTHER_MAC), inPod("eth7").mac(MAC))) {
      assertFound(saved, same.kind("macvlan").facts(3));
      assertLost(saved, same.kind("macvlan").facts(4));
      assertLost(saved, same.kind("veth").facts(3));
    }
    assertLost(saved, inPod("eth7").kind("macvlan").mac(OTHER_MAC).facts(3));
    assertLost(saved, onHost("net1").kind("macvlan").mac(MAC).facts(3));
  }

  @Test
  void aVirtualLinkOfTheHostIsFoundInThePodByItsNameAndBackHomeByNameAndMac() {
    SavedLink saved = SavedLink.of(onHost("lan").kind("dummy").mac(MAC).facts(3), "net1");
    assertFound(saved, inPod("net1").kind("dummy").mac(OTHER_MAC).facts(9));
    assertLost(saved, inPod("lan").kind("dummy").mac(MAC).facts(9));
    assertLost(saved, inPod("net1").kind("veth").mac(MAC).facts(9));
    assertFound(saved, onHost("lan").kind("dummy").mac(MAC).facts(9));
    assertLost(saved, onHost("lan").kind("dummy").mac(OTHER_MAC).facts(9));
  }

  @Test
  void aTuningOfWhichNothingIsKnownIsNotWritten() {
    assertThat(SavedLink.of(inPod("net1").facts(3), "net1").toJson().get("tuning")).isEmpty();
  }
}
