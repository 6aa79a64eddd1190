package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.sriov;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.HostUse;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.fixture.VfFixture;
import dev.podbond.value.IpPrefix;
import java.util.List;
import org.junit.jupiter.api.Test;

class VfPreflightTest {
  private static final String SUBJECT = "VF 0 (0000:01:10.0) of PF pf0: ";

  private static VfFixture vf(LinkFixture link) {
    return VfFixture.of("pf0", 0, "0000:01:10.0", link);
  }

  private static VfFixture vf() {
    return vf(onHost("ens1f0v0"));
  }

  private static List<String> findings(NodeFacts facts) {
    return Preflight.findings(sriov("'x':1"), "net1", facts).stream()
        .map(finding -> finding.severity() + " " + finding)
        .toList();
  }

  private static List<String> findings(VfFixture vf) {
    return findings(new FactsBuilder().vf(vf).facts());
  }

  @Test
  void aFreeVfRaisesNothing() {
    assertThat(findings(vf())).isEmpty();
    assertThat(findings(vf().driver("vfio-pci"))).isEmpty();
    assertThat(findings(vf(onHost("net1")))).isEmpty();
  }

  @Test
  void anUnknownVfIsRefused() {
    assertThat(findings(new FactsBuilder().facts()))
        .containsExactly(
            "REFUSAL device 0000:01:10.0: this node has no VF at this PCI address; deviceID must be"
                + " that of a VF, as in /sys/bus/pci/devices/*/physfn");
  }

  @Test
  void aVfWithoutDriverOrNetworkInterfaceIsRefused() {
    assertThat(findings(vf().withoutDriver()))
        .containsExactly(
            "REFUSAL " + SUBJECT + "no driver is bound to it; bind its kernel driver or vfio-pci");
    assertThat(findings(vf().withoutLink()))
        .singleElement()
        .asString()
        .startsWith("REFUSAL " + SUBJECT + "its driver is igbvf")
        .contains("another pod has it");
  }

  @Test
  void aVfIsAttachedOnce() {
    assertThat(findings(vf(inPod("net7"))))
        .containsExactly(
            "REFUSAL " + SUBJECT + "it is already in this pod, as net7; attach each VF once");
  }

  @Test
  void itsOwnNameInThePodIsNotInItsWay() {
    assertThat(findings(vf(inPod("net1"))))
        .containsExactly(
            "REFUSAL " + SUBJECT + "it is already in this pod, as net1; attach each VF once");
  }

  @Test
  void anotherLinkIsNotTakenForIt() {
    LinkFixture other = onHost("ens9").memberOf("bond7").address("10.0.0.1/24");
    assertThat(findings(new FactsBuilder().link(other).vf(vf()).facts())).isEmpty();
  }

  @Test
  void aVfInUseByTheHostIsRefused() {
    assertThat(findings(vf(onHost("ens1f0v0").memberOf("bond7"))))
        .containsExactly(
            "REFUSAL "
                + SUBJECT
                + "ens1f0v0 on the host is a member of bond bond7; release it, or keep this VF out"
                + " of the pool");
    assertThat(findings(vf(onHost("ens1f0v0").address("10.0.0.1/24"))))
        .containsExactly(
            "REFUSAL "
                + SUBJECT
                + "the node itself uses ens1f0v0: it has the address 10.0.0.1/24, which the node"
                + " would lose for good; name a link that the node does not need, keep VFs that it"
                + " uses out of the pool, or remove that from ens1f0v0 first");
    for (HostUse use :
        List.of(
            new HostUse(List.of(IpPrefix.parse("0.0.0.0/0").orElseThrow()), List.of(), 0),
            new HostUse(List.of(IpPrefix.parse("::/0").orElseThrow()), List.of(), 0),
            new HostUse(List.of(), List.of("ens1f0v0.100"), 0))) {
      assertThat(findings(new FactsBuilder().vf(vf()).hostUse("ens1f0v0", use).facts()))
          .as(use.toString())
          .singleElement()
          .asString()
          .startsWith("REFUSAL " + SUBJECT + "the node itself uses ens1f0v0: it has ");
    }
    assertThat(findings(vf(onHost("ens1f0v0").address("fe80::1/64")))).isEmpty();
  }

  @Test
  void itsNameMustBeFreeInThePod() {
    assertThat(findings(new FactsBuilder().vf(vf()).link(inPod("net1").kind("veth")).facts()))
        .containsExactly(
            "REFUSAL "
                + SUBJECT
                + "the name net1 is taken in the pod by veth net1 in the pod; ask for another"
                + " interface name in the pod's annotation");
  }

  @Test
  void aPfWithoutCarrierIsWarnedOf() {
    assertThat(findings(vf().pfWithoutCarrier()))
        .containsExactly(
            "WARNING " + SUBJECT + "PF pf0 has no carrier; look at its cable and switch port");
    assertThat(findings(vf().pfDown())).singleElement().asString().contains("PF pf0 is down");
  }
}
