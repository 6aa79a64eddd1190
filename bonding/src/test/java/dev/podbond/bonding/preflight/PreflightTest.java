package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.BOND0;
import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.NodeSettings;
import dev.podbond.bonding.facts.HostUse;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.fixture.VfFixture;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.VfLinkState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractListAssert;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreflightTest {
  private static final String DEVICES =
      "'links':[{'deviceID':'0000:01:10.0'},{'deviceID':'0000:02:10.0','name':'right'}]";

  private static VfFixture vf1() {
    return VfFixture.of("pf0", 0, "0000:01:10.0", inPod("net1"));
  }

  private static VfFixture vf2() {
    return VfFixture.of("pf1", 0, "0000:02:10.0", inPod("net2"));
  }

  /// The same two VFs, still on the host.
  private static VfFixture hostVf1() {
    return VfFixture.of("pf0", 0, "0000:01:10.0", onHost("ens1f0v0"));
  }

  private static VfFixture hostVf2() {
    return VfFixture.of("pf1", 0, "0000:02:10.0", onHost("ens2f0v0"));
  }

  private static NodeFacts vfs(VfFixture first, VfFixture second) {
    return new FactsBuilder().vf(first).vf(second).facts();
  }

  private static NodeFacts links(LinkFixture... links) {
    FactsBuilder facts = new FactsBuilder();
    for (LinkFixture link : links) {
      facts.link(link);
    }
    return facts.facts();
  }

  private static AbstractListAssert<?, List<? extends String>, String, ObjectAssert<String>> on(
      BondConfig config, NodeFacts facts) {
    return assertThat(Preflight.findings(config, BOND0, facts))
        .extracting(finding -> finding.severity() + " " + finding);
  }

  @Test
  void aGoodBondOfTwoPfsRaisesNothing() {
    on(bond(), vfs(vf1(), vf2())).isEmpty();
    on(bond(), vfs(vf1().trust(false), vf2().trust(false))).isEmpty();
    on(bond(DEVICES), vfs(hostVf1(), hostVf2())).isEmpty();
    on(bond("'mtu':1500"), links(inPod("net1"), inPod("net2"))).isEmpty();
    on(bond("'linksInContainer':false"), links(onHost("net1"), onHost("net2"))).isEmpty();
  }

  @Test
  void strictnessMakesWarningsRefusals() {
    List<Finding> findings =
        Preflight.findings(bond(), BOND0, vfs(vf1().pfWithoutCarrier(), vf2()));

    assertThat(Preflight.refusals(findings, false)).isEmpty();
    assertThat(Preflight.refusals(findings, true)).isEqualTo(findings).hasSize(1);
  }

  /// What `bond_enslave` answers with a bare EINVAL, EPERM or EOPNOTSUPP.
  @Nested
  class KindsThatTakeNoMaster {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "ipvlan | shares the MAC of its parent and takes no master",
          "ipvtap | shares the MAC of its parent and takes no master",
          "openvswitch | is a port inside Open vSwitch",
          "vrf | is a master of other links itself"
        })
    void areRefusedWithTheReason(String kind, String reason) {
      on(bond(), links(inPod("net1").kind(kind), inPod("net2")))
          .singleElement()
          .asString()
          .startsWith("REFUSAL net1: it is of kind " + kind + ", which " + reason);
    }

    @Test
    void othersAreTakenAsBefore() {
      for (String kind : List.of("", "veth", "dummy", "macvlan", "vlan")) {
        on(bond(), links(inPod("net1").kind(kind), inPod("net2"))).isEmpty();
      }
    }

    @Test
    void andTunnelsThatHaveNoMacToSetUnlessNobodySetsOne() {
      NodeFacts tunnels =
          links(
              inPod("net1").type(LinkFacts.Type.OTHER).kind("tun"),
              inPod("net2").type(LinkFacts.Type.OTHER).kind("tun"));
      on(bond("'mode':'balance-rr'"), tunnels)
          .filteredOn(text -> text.startsWith("REFUSAL"))
          .hasSize(2)
          .allMatch(text -> text.contains("no MAC that could be set"));
      on(bond("'failOverMac':0"), tunnels).anyMatch(text -> text.contains("no MAC that could"));
      on(bond("'failOverMac':1"), tunnels).noneMatch(text -> text.contains("no MAC that could"));
    }
  }

  @Nested
  class Names {
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

  @Nested
  class Members {
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
                  + " linksInContainer to false if that is the one");
      on(bond("'linksInContainer':false"), links(onHost("net1"), inPod("net2")))
          .containsExactly(
              "REFUSAL net2: there is no link of this name on the host, only in the pod; set"
                  + " linksInContainer to true if that is the one");
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

    private static IpPrefix prefix(String text) {
      return IpPrefix.parse(text).orElseThrow();
    }

    private static NodeFacts uplink(HostUse use, LinkFixture uplink) {
      return new FactsBuilder().link(uplink).link(onHost("net2")).hostUse("net1", use).facts();
    }

    @Test
    void aLinkThatTheNodeUsesIsNeverTakenFromIt() {
      BondConfig byName = bond("'linksInContainer':false");
      on(
              byName,
              uplink(
                  new HostUse(List.of(prefix("0.0.0.0/0"), prefix("10.2.0.0/16")), List.of(), 0),
                  onHost("net1").address("192.168.77.2/24")))
          .containsExactly(
              "REFUSAL net1: the node itself uses net1: it has the address 192.168.77.2/24, and the"
                  + " route to everywhere (0.0.0.0/0, the default route), to 10.2.0.0/16, which"
                  + " would be gone with it and not come back; name a link that the node does not"
                  + " need, keep VFs that it uses out of the pool, or take that off net1 first");
      Map<HostUse, String> uses =
          Map.of(
              new HostUse(List.of(prefix("::/0")), List.of(), 0), "the default route",
              new HostUse(List.of(prefix("10.2.0.0/16")), List.of(), 0), "to 10.2.0.0/16",
              new HostUse(List.of(), List.of("net1.100", "mac0"), 0), "on top of it net1.100, mac0",
              new HostUse(List.of(), List.of(), 4), "4 VFs of its own");
      uses.forEach((use, found) ->
          on(byName, uplink(use, onHost("net1")))
              .singleElement()
              .asString()
              .startsWith("REFUSAL net1: the node itself uses net1: it has ")
              .contains(found));
      for (String address : List.of("2001:db8::1/64", "169.254.1.1/16")) {
        on(byName, uplink(HostUse.NONE, onHost("net1").address(address)))
            .singleElement()
            .asString()
            .startsWith("REFUSAL net1: the node itself uses net1: it has the address");
      }
      on(byName, uplink(HostUse.NONE, onHost("net1").address("fe80::1/64"))).isEmpty();
    }

    @Test
    void norUnderAnAlternativeName() {
      on(
              bond("'linksInContainer':false,'links':[{'name':'uplink'},{'name':'net2'}]"),
              uplink(
                  new HostUse(List.of(prefix("0.0.0.0/0")), List.of(), 0),
                  onHost("net1").altName("uplink")))
          .singleElement()
          .asString()
          .startsWith("REFUSAL uplink: the node itself uses net1");
    }

    @Test
    void aMasterIsNamedOnce() {
      on(
              bond("'linksInContainer':false"),
              uplink(new HostUse(List.of(), List.of("bond7"), 0), onHost("net1").memberOf("bond7")))
          .singleElement()
          .asString()
          .startsWith("REFUSAL net1: it is already a member of bond bond7");
    }

    @Test
    void aVfThatTheNodeUsesIsNoMemberByItsAddressEither() {
      on(
              bond(DEVICES),
              new FactsBuilder()
                  .vf(hostVf1())
                  .vf(hostVf2())
                  .hostUse("ens1f0v0", new HostUse(List.of(prefix("0.0.0.0/0")), List.of(), 0))
                  .facts())
          .singleElement()
          .asString()
          .startsWith("REFUSAL ")
          .contains("VF 0 (0000:01:10.0) of PF pf0: the node itself uses", "the default route");
    }

    @Test
    void whatAPlanMovesOffTheHostIsJudgedAlike() {
      NodeFacts facts =
          new FactsBuilder()
              .link(onHost("net1").address("10.0.0.1/24"))
              .link(onHost("net2"))
              .facts();
      assertThat(findings(facts, "net1"))
          .singleElement()
          .asString()
          .startsWith("net1 on the host: the node itself uses net1");
      assertThat(findings(facts, "net2")).isEmpty();
    }

    private static List<String> findings(NodeFacts facts, String link) {
      Change move = new Change.Move(LinkRef.host(link), LinkRef.pod(link));
      Change back = new Change.Move(LinkRef.pod(link), LinkRef.host(link));
      return Preflight.findings(new Plan(List.of(new Step(move, List.of(back)))), facts).stream()
          .map(Finding::toString)
          .toList();
    }

    @Test
    void aNodeMayKeepItsLinks() {
      BondConfig config = bond("'linksInContainer':false").under(new NodeSettings(false, false));

      on(config, links(onHost("net1"), onHost("net2")))
          .hasSize(2)
          .first()
          .asString()
          .startsWith("REFUSAL net1: this node does not give its links to pods (allowHostLinks is");
      on(bond().under(new NodeSettings(false, false)), links(inPod("net1"), inPod("net2")))
          .isEmpty();
      on(bond(DEVICES).under(new NodeSettings(false, false)), vfs(hostVf1(), hostVf2())).isEmpty();
    }

    @Test
    void aDeviceMustBeAVfOfThisNode() {
      on(bond(DEVICES), new FactsBuilder().vf(hostVf2()).facts())
          .containsExactly(
              "REFUSAL 0000:01:10.0: this node has no VF at this PCI address; deviceID must be that"
                  + " of a VF, as in /sys/bus/pci/devices/*/physfn");
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

  @Nested
  class Types {
    @Test
    void theLoopbackIsNoMember() {
      on(
              bond("'links':[{'name':'lo'},{'name':'net2'}]"),
              links(inPod("lo").type(LinkFacts.Type.LOOPBACK), inPod("net2")))
          .containsExactly(
              "REFUSAL lo: the loopback cannot be a member of a bond; name another link");
    }

    @Test
    void aBondOfBondsIsUnwise() {
      on(bond(), links(inPod("net1").bond(BondMode.ACTIVE_BACKUP), inPod("net2")))
          .singleElement()
          .asString()
          .startsWith("WARNING net1: it is a bond itself");
    }

    @Test
    void typesAreNotMixed() {
      on(bond(), links(inPod("net1").type(LinkFacts.Type.INFINIBAND), inPod("net2")))
          .containsExactly(
              "REFUSAL bond bond0: its members are of different types (net1 infiniband, net2"
                  + " ethernet), which the kernel does not mix; name links of one type");
    }

    @ParameterizedTest
    @EnumSource(BondMode.class)
    void infinibandIsBondedByActiveBackupOnly(BondMode mode) {
      NodeFacts facts =
          links(
              inPod("net1").type(LinkFacts.Type.INFINIBAND),
              inPod("net2").type(LinkFacts.Type.INFINIBAND));

      List<Finding> refusals =
          Preflight.refusals(
              Preflight.findings(bond("'mode':'" + mode + "'"), BOND0, facts), false);

      if (mode == BondMode.ACTIVE_BACKUP) {
        assertThat(refusals).isEmpty();
      } else {
        assertThat(refusals).extracting(Finding::subject).containsExactly("net1", "net2");
        assertThat(refusals.getFirst().message())
            .contains("active-backup only, not in " + mode, "set mode to active-backup");
      }
    }

    @Test
    void infinibandHasNoVlanNoMacAndOneFailOverMac() {
      NodeFacts facts =
          links(
              inPod("net1").type(LinkFacts.Type.INFINIBAND),
              inPod("net2").type(LinkFacts.Type.INFINIBAND));

      on(bond("'vlan':5"), facts)
          .singleElement()
          .asString()
          .startsWith("REFUSAL bond bond0: there are no VLAN interfaces over InfiniBand");
      on(bond("'mac':'02:00:00:00:00:01'"), facts)
          .anySatisfy(finding ->
              assertThat(finding)
                  .startsWith("REFUSAL bond bond0: over InfiniBand the bond has the hardware"));
      on(bond("'failOverMac':0"), facts)
          .singleElement()
          .asString()
          .startsWith("WARNING bond bond0: over InfiniBand the kernel makes failOverMac active");
      on(bond(), facts).isEmpty();
    }
  }

  /// The table of measurements with real VFs.
  @Nested
  class Macs {
    @ParameterizedTest
    @CsvSource({
      "balance-rr, 0, net2",
      "balance-rr, 1, net2",
      "active-backup, 0, net2",
      "active-backup, 1, ''",
      "active-backup, 2, net1 net2",
      "balance-xor, 0, net2",
      "broadcast, 0, net2",
      "802.3ad, 0, net2",
      "balance-tlb, 0, net1 net2",
      "balance-alb, 0, net1 net2",
    })
    void withoutTrustOnlyActiveBackupWithFailOverMacActiveWorks(
        String mode, int failOverMac, String refused) {
      BondConfig config = bond("'mode':'" + mode + "','failOverMac':" + failOverMac);
      NodeFacts untrusted = vfs(vf1().trust(false), vf2().trust(false));

      assertThat(Preflight.refusals(Preflight.findings(config, BOND0, untrusted), false))
          .extracting(finding -> finding.subject().substring(0, 4))
          .containsExactlyElementsOf(refused.isEmpty() ? List.of() : List.of(refused.split(" ")));
      assertThat(Preflight.refusals(Preflight.findings(config, BOND0, vfs(vf1(), vf2())), false))
          .isEmpty();
    }

    @Test
    void theRefusalNamesTheVfItsPfAndTheFix() {
      on(
              bond("'mode':'balance-xor','failOverMac':null"),
              vfs(vf1().trust(false), vf2().trust(false)))
          .containsExactly(
              "REFUSAL net2, VF 0 (0000:02:10.0) of PF pf1: trust is off and its PF holds the MAC"
                  + " 02:11:00:00:02:10 for it, so it may not take the bond's MAC, as mode"
                  + " balance-xor needs; set trust: on for it (spec.trust: \"on\" in its"
                  + " SriovNetwork; by hand: ip link set pf1 vf 0 trust on), or use active-backup"
                  + " with failOverMac 1");
    }

    @Test
    void followWithoutTrustIsRefusedForWhatItDoesAtFailover() {
      on(bond("'failOverMac':2"), vfs(vf1(), vf2().trust(false)))
          .singleElement()
          .asString()
          .contains("REFUSAL net2", "a failover would lose all traffic without an error");
    }

    @Test
    void trustGivenByTheConfigurationCounts() {
      String links =
          "'mode':'xor','failOverMac':null,'links':[{'deviceID':'0000:01:10.0','trust':'on'},"
              + "{'deviceID':'0000:02:10.0','trust':'%s'}]";
      NodeFacts facts = vfs(hostVf1().trust(false), hostVf2().trust(false));

      on(bond(links.formatted("on")), facts).isEmpty();
      on(bond(links.formatted("off")), facts).hasSize(1);
    }

    @Test
    void aMemberThatAlreadyHasTheBondsMacNeedsNoTrust() {
      String mac = "'mac':'02:00:00:00:00:01'";
      String links =
          "'mode':'xor','failOverMac':null,'links':[{'deviceID':'0000:01:10.0',"
              + mac
              + "},{'deviceID':'0000:02:10.0',"
              + mac
              + "}]";

      on(bond(links), vfs(hostVf1().trust(false), hostVf2().trust(false))).isEmpty();
    }

    @Test
    void aRequestedMacIsForeignToEveryMember() {
      assertThat(
              Preflight.refusals(
                  Preflight.findings(
                      bond("'mode':'xor','failOverMac':0,'mac':'02:00:00:00:00:01'"),
                      BOND0,
                      vfs(vf1().trust(false), vf2().trust(false))),
                  false))
          .hasSize(2);
    }

    @Test
    void withoutAMacAtThePfLackOfTrustIsOnlyDoubtful() {
      on(
              bond("'mode':'xor','failOverMac':0"),
              vfs(
                  vf1().trust(false).adminMac("00:00:00:00:00:00"),
                  vf2().trust(false).adminMac("00:00:00:00:00:00")))
          .singleElement()
          .asString()
          .startsWith("WARNING net2, VF 0 (0000:02:10.0) of PF pf1: trust is off");
    }

    @Test
    void whatANicDoesNotReportIsNotHeldAgainstIt() {
      on(bond("'failOverMac':0"), vfs(vf1().trustUnknown(), vf2().trustUnknown())).isEmpty();
    }

    @Test
    void theSpoofCheckIsDoubtfulWhereAForeignMacIsUsed() {
      NodeFacts facts = vfs(vf1().spoofCheck(true), vf2().spoofCheck(true));

      on(bond("'failOverMac':0"), facts)
          .singleElement()
          .asString()
          .startsWith("WARNING net2, VF 0 (0000:02:10.0) of PF pf1: its spoof check is on")
          .contains("set spoofChk: \"off\" in its SriovNetwork");
      on(bond(), facts).isEmpty();
    }

    @Test
    void aVfThatDoesNotKnowItsAdministrativeMacWouldLoseEveryFrame() {
      VfFixture stale = vf1().adminMac("02:00:00:00:00:99");

      on(bond(), vfs(stale, vf2()))
          .containsExactly(
              "REFUSAL net1, VF 0 (0000:01:10.0) of PF pf0: its PF holds the MAC 02:00:00:00:00:99"
                  + " for it and it still has 02:11:00:00:01:10, so the bond would come up and every"
                  + " frame be lost; set the VF's link up and then down, by which its driver takes over"
                  + " the MAC, or set mac: \"02:11:00:00:01:10\" for the VF");
      on(
              bond(
                  "'links':[{'deviceID':'0000:01:10.0','mac':'02:00:00:00:00:01'},"
                      + "{'deviceID':'0000:02:10.0'}]"),
              vfs(hostVf1().adminMac("02:00:00:00:00:99"), hostVf2()))
          .isEmpty();
    }

    @Test
    void aRequestedMacDoesNotLastWithFailOverMacActive() {
      on(bond("'mac':'02:00:00:00:00:01'"), vfs(vf1(), vf2()))
          .singleElement()
          .asString()
          .startsWith("WARNING bond bond0: the MAC 02:00:00:00:00:01 is asked for");
      on(bond("'mac':'02:00:00:00:00:01','failOverMac':0"), vfs(vf1(), vf2())).isEmpty();
    }
  }

  @Nested
  class Mtu {
    @Test
    void theBondsMtuFitsEveryMember() {
      NodeFacts facts = vfs(vf1(), VfFixture.of("pf1", 0, "0000:02:10.0", inPod("net2").mtu(1400)));

      on(bond("'mtu':1500"), facts)
          .containsExactly(
              "REFUSAL net2, VF 0 (0000:02:10.0) of PF pf1: its MTU is 1400, less than the 1500 of"
                  + " the bond; set the bond's mtu to 1400 or less, or raise mtu in the VF's"
                  + " SriovNetworkNodePolicy");
      on(bond("'mtu':1400"), facts).isEmpty();
      on(bond(), facts).isEmpty();
    }

    @Test
    void bondCnisOwnCasesOfSmallMembersAreRefused() {
      NodeFacts facts = links(inPod("net1").mtu(1000), inPod("net2").mtu(800));

      on(bond("'mtu':1200"), facts).hasSize(2);
      on(bond("'mtu':900"), facts).hasSize(1);
      on(bond("'mtu':800"), facts).isEmpty();
    }

    @Test
    void theBondsMtuFitsEveryPf() {
      NodeFacts facts =
          vfs(
              VfFixture.of("pf0", 0, "0000:01:10.0", inPod("net1").mtu(9000)).pfMtu(9000),
              VfFixture.of("pf1", 0, "0000:02:10.0", inPod("net2").mtu(9000)).pfMtu(1500));

      on(bond("'mtu':9000"), facts)
          .singleElement()
          .asString()
          .startsWith("REFUSAL net2, VF 0 (0000:02:10.0) of PF pf1: the MTU of PF pf1 is 1500");
      on(bond(), facts).singleElement().asString().startsWith("WARNING net2");
      on(bond("'mtu':1500"), facts).isEmpty();
    }
  }

  @Nested
  class MonitoringTargets {
    private static final String MONITORED =
        "'miimon':0,'arpInterval':100,'arpIpTarget':['10.0.0.1'],'nsIp6Target':['fd00::1']";

    private static List<String> with(String members, List<String> addresses, List<String> routes) {
      return Preflight.findings(
              bond(members),
              BOND0,
              addresses.stream().map(text -> IpPrefix.parse(text).orElseThrow()).toList(),
              routes.stream()
                  .map(text -> Route.of(IpPrefix.parse(text).orElseThrow(), Optional.empty()))
                  .toList())
          .stream()
          .map(Finding::toString)
          .toList();
    }

    @Test
    void neighboursAndWhatRoutesOfTheBondLeadToAreReached() {
      assertThat(with(MONITORED, List.of("10.0.0.9/24", "fd00::9/64"), List.of())).isEmpty();
      assertThat(
              with(MONITORED, List.of("10.9.0.9/24", "fd09::9/64"), List.of("0.0.0.0/0", "::/0")))
          .isEmpty();
      assertThat(
              with("'miimon':0,'arpInterval':100,'nsIp6Target':['fe80::1']", List.of(), List.of()))
          .isEmpty();
    }

    @Test
    void aTargetThatTheBondDoesNotLeadToIsUnwise() {
      assertThat(with(MONITORED, List.of("10.0.1.9/24", "fd00:0:0:1::9/64"), List.of()))
          .hasSize(2)
          .first()
          .asString()
          .isEqualTo(
              "arpIpTarget: 10.0.0.1 is in no subnet and on no route of bond bond0, whose addresses"
                  + " are [10.0.1.9/24, fd00:0:0:1::9/64]: unless the pod gets a route to it,"
                  + " no probe is answered and every member is taken for dead; name a neighbour in"
                  + " the bond's subnet, or use miimon");
      assertThat(with(MONITORED, List.of(), List.of())).hasSize(2);
    }

    @Test
    void theBondsOwnAddressIsNoTarget() {
      assertThat(with(MONITORED, List.of("10.0.0.1/24", "fd00::9/64"), List.of()))
          .singleElement()
          .asString()
          .startsWith("arpIpTarget: 10.0.0.1 is the bond's own address");
    }

    @Test
    void withoutArpMonitoringTargetsDoNotMatter() {
      assertThat(with("'arpIpTarget':['10.0.0.1']", List.of(), List.of())).isEmpty();
    }
  }

  @Nested
  class Carrier {
    @ParameterizedTest
    @ValueSource(strings = {"'miimon':0", "'miimon':'-1'"})
    void noLinkMonitoringIsUnwise(String members) {
      on(bond(members), vfs(vf1(), vf2()))
          .containsExactly(
              "WARNING bond bond0: no link monitoring: with miimon 0 a dead member is never"
                  + " noticed; set miimon to 100, or arpInterval and arpIpTarget");
    }

    @Test
    void arpMonitoringIsMonitoringAndSoIsTheKernelsOwnMiimon() {
      on(
              bond("'miimon':0,'arpInterval':100,'arpIpTarget':'10.0.0.1'"),
              links(inPod("net1"), inPod("net2")))
          .isEmpty();
      on(bond("'mode':'tlb','failOverMac':0,'miimon':'-1'"), links(inPod("net1"), inPod("net2")))
          .isEmpty();
      on(bond("'mode':'lacp','failOverMac':0,'miimon':0"), links(inPod("net1"), inPod("net2")))
          .hasSize(1);
    }

    @Test
    void linkStateEnableHidesADeadCableFromMiimon() {
      NodeFacts facts = vfs(vf1().linkState(VfLinkState.ENABLE), vf2());

      on(bond(), facts)
          .containsExactly(
              "WARNING net1, VF 0 (0000:01:10.0) of PF pf0: its link state is enable: it keeps its"
                  + " carrier when the PF's cable is dead, and the bond would not fail over; set"
                  + " linkState: auto in its SriovNetwork");
      on(bond("'miimon':0,'arpInterval':100,'arpIpTarget':'10.0.0.1'"), facts).isEmpty();
    }

    @Test
    void linkStateDisableLeavesTheBondDegraded() {
      on(bond(), vfs(vf1().linkState(VfLinkState.DISABLE), vf2()))
          .singleElement()
          .asString()
          .startsWith("WARNING net1, VF 0 (0000:01:10.0) of PF pf0: its link state is disable");
    }

    @Test
    void aPfWithoutCarrierLeavesTheBondDegraded() {
      on(bond(), vfs(vf1().pfWithoutCarrier(), vf2()))
          .containsExactly(
              "WARNING net1, VF 0 (0000:01:10.0) of PF pf0: PF pf0 has no carrier; look at its"
                  + " cable and switch port");
      on(bond(), vfs(vf1().pfDown(), vf2()))
          .containsExactly(
              "WARNING net1, VF 0 (0000:01:10.0) of PF pf0: PF pf0 is down, so the VF has no"
                  + " carrier; ip link set pf0 up");
    }

    @Test
    void ofALinkThatIsDownNothingIsSaid() {
      on(bond(), links(inPod("net1").down(), inPod("net2"))).isEmpty();
      on(bond(), links(inPod("net1").noCarrier(), inPod("net2"))).hasSize(1);
    }
  }

  @Nested
  class Redundancy {
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
    void membersBelongIntoOneVlan() {
      on(bond(), vfs(vf1().vlan(5), vf2().vlan(6)))
          .containsExactly(
              "WARNING bond bond0: its members are in different VLANs, [5, 6], so a failover changes"
                  + " the network; set the same vlan in their SriovNetworks");
      on(bond(), vfs(vf1().vlan(5), vf2().vlan(5))).isEmpty();
    }
  }

  @Nested
  class Options {
    private static final NodeFacts FACTS = links(inPod("net1"), inPod("net2"));

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '"',
        value = {
          "'mode':'xor' | failOverMac: active has no effect in mode balance-xor, only in"
              + " active-backup; leave it out",
          "'xmitHashPolicy':'layer3+4' | xmitHashPolicy: layer3+4 has no effect in mode"
              + " active-backup, only in balance-xor, 802.3ad, balance-tlb, balance-alb; leave it"
              + " out",
          "'minLinks':1 | minLinks: 1 has no effect in mode active-backup, only in 802.3ad; leave it"
              + " out",
          "'arpIpTarget':'10.0.0.1' | arpIpTarget: it has no effect without ARP monitoring; set"
              + " arpInterval instead of miimon, or leave it out",
          "'mode':'alb','failOverMac':0,'xmitHashPolicy':1 | xmitHashPolicy: it has no effect in"
              + " mode balance-alb unless tlbDynamicLb is 0; set that, or leave it out",
          "'primaryReselect':'better' | primaryReselect: it has no effect without a primary; set"
              + " primary, or prio for the links",
          "'primary':'net1','links':[{'name':'net1'},{'name':'net2','prio':5}] | net2: its prio has"
              + " no effect while a primary is set; leave out one of them",
          "'useCarrier':0 | useCarrier: 0 is obsolete, and kernels from 6.18 on refuse it; leave it"
              + " out",
        })
    void anOptionWithoutEffectIsSaidToHaveNone(String members, String text) {
      on(bond(members), FACTS).containsExactly("WARNING " + text.strip());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "'mode':'xor','failOverMac':0",
          "'mode':'tlb','failOverMac':0,'xmitHashPolicy':'layer2+3'",
          "'mode':'alb','failOverMac':0,'xmitHashPolicy':1,'tlbDynamicLb':0",
          "'xmitHashPolicy':'layer2'",
          "'primary':'net1','primaryReselect':'better'",
          "'primaryReselect':2,'links':[{'name':'net1'},{'name':'net2','prio':5}]",
          "'useCarrier':1",
          "'numGratArp':3,'updelay':200,'peerNotifDelay':200",
        })
    void anOptionWithEffectIsNotMentioned(String members) {
      on(bond(members), FACTS).isEmpty();
    }
  }
}
