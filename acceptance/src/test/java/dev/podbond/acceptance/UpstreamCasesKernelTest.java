package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The 26 cases of bond-cni's own suite (bond_test.go), whose members are dummies, and what that
/// suite does not check.
class UpstreamCasesKernelTest extends PodTest {
  private static final String TLB = "'mode': 'balance-tlb', 'failOverMac': 0, 'mtu': 1400";

  private void requireBondOf1400() throws Exception {
    SeenLink bond = pod.ip().link("bond0");
    assertThat(bond.mtu()).isEqualTo(1400);
    assertThat(bond.info("mode")).isEqualTo("active-backup");
    assertThat(bond.info("miimon")).isEqualTo("100");
    for (String member : List.of("net1", "net2")) {
      assertThat(pod.ip().link(member).master()).isEqualTo("bond0");
      assertThat(pod.ip().link(member).memberInfo("state")).isNotEmpty();
    }
  }

  @Test
  void aBondIsMadeAndDeleted() throws Exception {
    pod.withDummies("net1", "net2");
    PluginCall bond = bond("'mtu': 1400");
    assertThat(SeenLink.text(bond.add().ok().onlyInterface(), "name")).isEqualTo("bond0");
    requireBondOf1400();
    bond.del().ok();
    assertThat(pod.ip().find("bond0")).isEmpty();
  }

  @Test
  void aSecondDelSucceeds() throws Exception {
    pod.withDummies("net1", "net2");
    PluginCall bond = bond("'mtu': 1400");
    bond.add().ok();
    bond.del().ok();
    bond.del().ok();
  }

  @Test
  void delSucceedsWithoutOneOfTheMembers() throws Exception {
    pod.withDummies("net1", "net2");
    PluginCall bond = bond("'mtu': 1400");
    bond.add().ok();
    pod.ip().run("link delete net1");
    bond.del().ok();
    assertThat(pod.ip().find("bond0")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.3.0", "0.3.1", "0.4.0", "1.0.0"})
  void theResultHasTheVersionOfTheConfiguration(String version) throws Exception {
    pod.withDummies("net1", "net2");
    PluginCall bond = bond("'mtu': 1400, 'cniVersion': '%s'".formatted(version));
    Outcome added = bond.add().ok();
    assertThat(SeenLink.text(added.json(), "cniVersion")).isEqualTo(version);
    assertThat(SeenLink.text(added.onlyInterface(), "name")).isEqualTo("bond0");
    bond.del().ok();
  }

  /// bond-cni prints interfaces here, which do not exist in these versions.
  @ParameterizedTest
  @ValueSource(strings = {"0.1.0", "0.2.0"})
  void theResultOfAnOldVersionHasNoAddressesWithoutIpam(String version) throws Exception {
    pod.withDummies("net1", "net2");
    PluginCall bond = bond("'mtu': 1400, 'cniVersion': '%s'".formatted(version));
    Outcome added = bond.add().ok();
    assertThat(SeenLink.text(added.json(), "cniVersion")).isEqualTo(version);
    assertThat(added.json().members().keySet()).doesNotContain("ip4", "ip6", "interfaces", "ips");
    requireBondOf1400();
    bond.del().ok();
    assertThat(pod.ip().find("bond0")).isEmpty();
  }

  @Test
  void equalMacsGetAlongInBalanceTlb() throws Exception {
    pod.withDummies("net1", "net2");
    String twin = pod.ip().link("net1").mac();
    pod.ip().run("link set net2 address " + twin);
    PluginCall bond = bond(TLB);
    assertThat(SeenLink.text(bond.add().ok().onlyInterface(), "name")).isEqualTo("bond0");
    String other = pod.ip().link("net2").mac();
    assertThat(other).isNotEqualTo(twin);
    assertThat(Integer.parseInt(other.substring(0, 2), 16) & 3).as("local unicast").isEqualTo(2);
    bond.del().ok();
    assertThat(pod.ip().link("net1").mac()).isEqualTo(twin);
    assertThat(pod.ip().link("net2").mac()).as("as before").isEqualTo(twin);
  }

  /// With bond-cni the MACs differ after DEL; here the members get back their own.
  @Test
  void equalMacsDoNotHinderDel() throws Exception {
    pod.withDummies("net1", "net2");
    String twin = pod.ip().link("net1").mac();
    pod.ip().run("link set net2 address " + twin);
    PluginCall bond = bond("'mtu': 1400");
    bond.add().ok();
    pod.ip().run("link set net2 address " + pod.ip().link("net1").mac());
    bond.del().ok();
    assertThat(pod.ip().find("bond0")).isEmpty();
    assertThat(pod.ip().link("net1").master()).isEmpty();
    assertThat(pod.ip().link("net2").master()).isEmpty();
  }

  @Test
  void macsAreSharedAndRestoredWithFailOverMacNone() throws Exception {
    pod.withDummies("net1", "net2");
    String first = pod.ip().link("net1").mac();
    String second = pod.ip().link("net2").mac();
    PluginCall bond = bond("'mtu': 1400, 'failOverMac': 0");
    bond.add().ok();
    assertThat(List.of(pod.ip().link("bond0").mac(), pod.ip().link("net2").mac()))
        .containsOnly(first);
    assertThat(pod.ip().link("net1").mac()).isEqualTo(first);
    bond.del().ok();
    assertThat(pod.ip().find("bond0")).isEmpty();
    assertThat(pod.ip().link("net1").mac()).isEqualTo(first);
    assertThat(pod.ip().link("net2").mac()).isEqualTo(second);
  }

  @ParameterizedTest
  @ValueSource(ints = {1200, 900})
  void anMtuAboveThatOfAMemberIsRefused(int mtu) throws Exception {
    pod.withDummies("net1", "net2");
    pod.ip().run("link set net1 mtu 1000");
    pod.ip().run("link set net2 mtu 800");
    bond("'mtu': " + mtu).add().failed(100, "net2", "800", Integer.toString(mtu));
    assertThat(pod.ip().find("bond0")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void allMembersActiveReachesTheKernel(int value) throws Exception {
    pod.withDummies("net1", "net2");
    bond("'mtu': 1400, 'allSlavesActive': " + value).add().ok();
    assertThat(pod.ip().link("bond0").info("all_slaves_active")).isEqualTo(Integer.toString(value));
  }

  @Test
  void allMembersActiveIsAFlag() throws Exception {
    pod.withDummies("net1", "net2");
    bond("'allSlavesActive': 2").add().failed(7, "allSlavesActive", "2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"layer2", "layer2+3", "layer3+4"})
  void theHashPolicyReachesTheKernel(String policy) throws Exception {
    pod.withDummies("net1", "net2");
    bond(TLB + ", 'xmitHashPolicy': '" + policy + "'").add().ok();
    assertThat(pod.ip().link("bond0").info("xmit_hash_policy")).isEqualTo(policy);
  }

  @Test
  void anUnknownHashPolicyIsRefused() throws Exception {
    pod.withDummies("net1", "net2");
    bond(TLB + ", 'xmitHashPolicy': 'layer2+3+4'").add().failed(7, "xmitHashPolicy", "layer2+3+4");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void dynamicBalancingReachesTheKernel(int value) throws Exception {
    pod.withDummies("net1", "net2");
    bond(TLB + ", 'tlbDynamicLb': " + value).add().ok();
    assertThat(pod.ip().link("bond0").info("tlb_dynamic_lb")).isEqualTo(Integer.toString(value));
  }

  @Test
  void dynamicBalancingIsAFlag() throws Exception {
    pod.withDummies("net1", "net2");
    bond(TLB + ", 'tlbDynamicLb': 2").add().failed(7, "tlbDynamicLb", "2");
  }

  @Test
  void dynamicBalancingNeedsAModeThatBalances() throws Exception {
    pod.withDummies("net1", "net2");
    bond("'tlbDynamicLb': 0").add().failed(7, "tlbDynamicLb", "active-backup");
  }

  @Test
  void linksOfTheHostGoInAndComeBack() throws Exception {
    try (HostLinks host = HostLinks.dummies("hnet1", "hnet2")) {
      PluginCall bond =
          bond(
              "'mtu': 1400, 'linksInContainer': false,"
                  + " 'links': [{'name': 'hnet1'}, {'name': 'hnet2'}]");
      Outcome added = bond.add().ok();
      assertThat(SeenLink.text(added.onlyInterface(), "name")).isEqualTo("bond0");
      assertThat(pod.ip().link("bond0").mtu()).isEqualTo(1400);
      assertThat(pod.ip().link("bond0").info("mode")).isEqualTo("active-backup");
      assertThat(pod.ip().link("bond0").info("miimon")).isEqualTo("100");
      for (String member : List.of("hnet1", "hnet2")) {
        assertThat(pod.ip().link(member).master()).isEqualTo("bond0");
        assertThat(Iproute2.ofHost().find(member)).isEmpty();
      }
      bond.del().ok();
      assertThat(pod.ip().find("bond0")).isEmpty();
      assertThat(pod.ip().find("hnet1")).isEmpty();
      host.requireAsMade();
    }
  }

  /// Addresses, routes and interfaces on top of a link do not come back with it.
  @Test
  void aLinkThatTheHostUsesIsNotTaken() throws Exception {
    try (HostLinks _ = HostLinks.dummies("hnet1", "hnet2")) {
      Iproute2 host = Iproute2.ofHost();
      host.run("link set hnet1 up");
      PluginCall bond =
          bond(
              "'linksInContainer': false, 'ipam': {'type': 'missing'},"
                  + " 'links': [{'name': 'hnet1'}, {'name': 'hnet2'}]");
      for (List<String> use :
          List.of(
              List.of("address %s 192.168.77.2/24 dev hnet1", "the address 192.168.77.2/24"),
              List.of("address %s 2001:db8::2/64 dev hnet1", "the address 2001:db8::2/64"),
              List.of("route %s default dev hnet1 metric 4000", "the default route"),
              List.of("-6 route %s default dev hnet1 metric 4000", "the default route"),
              List.of("route %s 10.99.0.0/16 dev hnet1 table 1000", "the route to 10.99.0.0/16"),
              List.of("link %s link hnet1 name hnet1.5 type vlan id 5", "on top of it hnet1.5"),
              List.of("link %s link hnet1 name hmac type macvlan", "on top of it hmac"))) {
        host.run(use.getFirst().formatted("add"));
        Snapshot before = node.snapshot(pod);
        bond.add().failed(100, "hnet1: the node itself uses hnet1", use.getLast());
        assertThat(node.snapshot(pod).differences(before)).as(use.getLast()).isEmpty();
        host.run(use.getFirst().formatted("del").replace(" link hnet1 name", ""));
      }
      bond.without("ipam").add().ok();
      bond.without("ipam").del().ok();
    }
  }
}
