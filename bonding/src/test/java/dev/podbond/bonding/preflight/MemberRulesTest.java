package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static dev.podbond.bonding.preflight.PreflightScene.DEVICES;
import static dev.podbond.bonding.preflight.PreflightScene.hostVf1;
import static dev.podbond.bonding.preflight.PreflightScene.hostVf2;
import static dev.podbond.bonding.preflight.PreflightScene.links;
import static dev.podbond.bonding.preflight.PreflightScene.on;
import static dev.podbond.bonding.preflight.PreflightScene.vf1;
import static dev.podbond.bonding.preflight.PreflightScene.vfs;

import dev.podbond.bonding.fixture.FactsBuilder;
import org.junit.jupiter.api.Test;

class MemberRulesTest {
  @Test
  void aMemberMustExistWhereItIsLookedFor() {
    on(bond(), links(inPod("net1")))
        .containsExactly(
            "REFUSAL net2: there is no link of this name in the pod; list the network attachments"
                + " of its members before the bond's in the pod's annotation, and use the names"
                + " they get there (net1, net2, ...)");
    on(bond(), links(inPod("net1"), onHost("net2")))
        .containsExactly(
            "REFUSAL net2: there is no link of this name in the pod, only on the host; set"
                + " linksInContainer to false if you mean that one");
    on(bond("'linksInContainer':false"), links(onHost("net1"), inPod("net2")))
        .containsExactly(
            "REFUSAL net2: there is no link of this name on the host, only in the pod; set"
                + " linksInContainer to true if you mean that one");
  }

  @Test
  void aMemberIsFoundByItsAlternativeName() {
    on(bond(), links(inPod("eth1").altName("net1"), inPod("net2"))).isEmpty();
  }

  @Test
  void twoNamesOfOneLinkAreOneMember() {
    on(bond("'links':[{'name':'net1'},{'name':'left'}]"), links(inPod("net1").altName("left")))
        .containsExactly(
            "REFUSAL left: it is the same link as net1 (net1 in the pod); a bond needs different"
                + " ones");
    on(
            bond("'links':[{'name':'net1'},{'deviceID':'0000:01:10.0'}]"),
            new FactsBuilder().vf(vf1()).facts())
        .contains(
            "REFUSAL VF 0 (0000:01:10.0) of PF pf0: it is the same link as net1 (net1 in the"
                + " pod); a bond needs different ones");
  }

  @Test
  void aMemberOfAnotherBondIsNotTakenFromIt() {
    on(bond(), links(inPod("net1").memberOf("bond7"), inPod("net2")))
        .containsExactly(
            "REFUSAL net1: it is already a member of bond bond7; the kernel would take it out of"
                + " there without asking: release it, or name another link");
  }

  @Test
  void aMemberShouldHaveNoAddressesButLinkLocalOnesOfIpv6() {
    on(bond(), links(inPod("net1").address("10.0.0.1/24"), inPod("net2")))
        .containsExactly(
            "WARNING net1: it has the address 10.0.0.1/24, which does not work on a bond's"
                + " member; remove ipam from its own network and give it to the bond");
    on(bond(), links(inPod("net1").address("2001:db8::1/64"), inPod("net2"))).hasSize(1);
    on(bond(), links(inPod("net1").address("169.254.1.1/16"), inPod("net2"))).hasSize(1);
    on(bond(), links(inPod("net1").address("fe80::1/64"), inPod("net2"))).isEmpty();
  }

  @Test
  void aDeviceMustBeAVfOfThisNode() {
    on(bond(DEVICES), new FactsBuilder().vf(hostVf2()).facts())
        .containsExactly(
            "REFUSAL 0000:01:10.0: this node has no VF at this PCI address; deviceID must be that"
                + " of a VF, as in /sys/bus/pci/devices/*/physfn");
  }

  @Test
  void aDeviceIsCalledByItsNameInThePodAsWell() {
    on(bond(DEVICES), new FactsBuilder().vf(hostVf1()).facts())
        .singleElement()
        .asString()
        .startsWith("REFUSAL right (0000:02:10.0): this node has no VF at this PCI address");
  }

  @Test
  void aDeviceOfUserSpaceIsNoMember() {
    on(bond(DEVICES), vfs(hostVf1().driver("vfio-pci"), hostVf2()))
        .containsExactly(
            "REFUSAL VF 0 (0000:01:10.0) of PF pf0: it is bound to vfio-pci and has no network"
                + " interface, so it cannot be a member of a kernel bond; use deviceType netdevice"
                + " in its SriovNetworkNodePolicy");
  }

  @Test
  void aDeviceNeedsADriverAndANetworkInterface() {
    on(bond(DEVICES), vfs(hostVf1().withoutDriver(), hostVf2()))
        .containsExactly(
            "REFUSAL VF 0 (0000:01:10.0) of PF pf0: no driver is bound to it; bind its kernel"
                + " driver");
    on(bond(DEVICES), vfs(hostVf1().withoutLink(), hostVf2()))
        .singleElement()
        .asString()
        .contains("REFUSAL", "another pod has it");
  }
}
