package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.BOND0;
import static dev.podbond.bonding.fixture.Configurations.bond;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.preflight.PreflightScene.links;
import static dev.podbond.bonding.preflight.PreflightScene.on;
import static dev.podbond.bonding.preflight.PreflightScene.vfs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.VfFixture;
import dev.podbond.bonding.option.BondMode;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TypeRulesTest {
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
        Preflight.refusals(Preflight.findings(bond("'mode':'" + mode + "'"), BOND0, facts), false);

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

  /// So a member without trust is as good as any.
  @Test
  void overInfinibandNoMemberHasToTakeAnotherMac() {
    NodeFacts facts =
        vfs(
            VfFixture.of("pf0", 0, "0000:01:10.0", inPod("net1").type(LinkFacts.Type.INFINIBAND))
                .trust(false),
            VfFixture.of("pf1", 0, "0000:02:10.0", inPod("net2").type(LinkFacts.Type.INFINIBAND))
                .trust(false));
    on(bond("'failOverMac':0"), facts)
        .singleElement()
        .asString()
        .startsWith("WARNING bond bond0: over InfiniBand the kernel makes failOverMac active");
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
          .allMatch(text -> text.contains("its MAC cannot be set"));
      on(bond("'failOverMac':0"), tunnels).anyMatch(text -> text.contains("MAC cannot be set"));
      on(bond("'failOverMac':1"), tunnels).noneMatch(text -> text.contains("MAC cannot be set"));
    }
  }
}
