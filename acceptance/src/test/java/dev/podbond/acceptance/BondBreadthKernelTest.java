package dev.podbond.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What Podbond's bonds support beyond bond-cni: every option, a VLAN, many members, both address
/// families.
class BondBreadthKernelTest extends PodTest {
  static Stream<Arguments> options() {
    return Stream.of(
        read(
            "'mode': 1, 'miimon': 50, 'updelay': 200, 'downdelay': 100, 'peerNotifDelay': 100",
            "mode=active-backup miimon=50 updelay=200 downdelay=100 peer_notify_delay=100"),
        read(
            "'primary': 'net2', 'primaryReselect': 'better', 'numGratArp': 5, 'resendIgmp': 7",
            "primary=net2 primary_reselect=better num_peer_notif=5 resend_igmp=7"),
        read(
            "'failOverMac': 'follow', 'allSlavesActive': 'on', 'useCarrier': 1",
            "fail_over_mac=follow all_slaves_active=1 use_carrier=1"),
        read(
            "'miimon': null, 'arpInterval': 250, 'arpIpTarget': ['10.0.0.1', '10.0.0.2'],"
                + " 'arpValidate': 'all', 'arpAllTargets': 'all', 'arpMissedMax': 4",
            "arp_interval=250 arp_ip_target=[\"10.0.0.1\",\"10.0.0.2\"] arp_validate=all"
                + " arp_all_targets=all arp_missed_max=4"),
        read(
            "'mode': 'balance-rr', 'failOverMac': 0, 'packetsPerSlave': 3",
            "mode=balance-rr packets_per_slave=3"),
        read(
            "'mode': 'xor', 'failOverMac': 0, 'xmitHashPolicy': 'vlan+srcmac'",
            "mode=balance-xor xmit_hash_policy=vlan+srcmac"),
        read(
            "'mode': 'tlb', 'failOverMac': 0, 'tlbDynamicLb': false, 'lpInterval': 9",
            "mode=balance-tlb tlb_dynamic_lb=0 lp_interval=9"),
        read("'mode': '6', 'failOverMac': 0, 'lpInterval': 9", "mode=balance-alb lp_interval=9"),
        read(
            "'mode': 'lacp', 'failOverMac': 0, 'lacpRate': 'fast', 'adSelect': 'bandwidth',"
                + " 'minLinks': 1, 'adActorSysPrio': 1000, 'adUserPortKey': 37,"
                + " 'adActorSystem': '02:00:00:00:00:aa', 'lacpActive': 'off',"
                + " 'coupledControl': 'off'",
            "mode=802.3ad ad_lacp_rate=fast ad_select=bandwidth min_links=1"
                + " ad_actor_sys_prio=1000 ad_user_port_key=37"
                + " ad_actor_system=02:00:00:00:00:aa ad_lacp_active=off"),
        read("'MODE': 'broadcast', 'FailOverMAC': 0, 'MIImon': '80'", "mode=broadcast miimon=80"));
  }

  private static Arguments read(String members, String kernel) {
    return Arguments.of(members, List.of(kernel.split(" ")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("options")
  void optionsReachTheKernel(String members, List<String> kernel) throws Exception {
    pod.withDummies("net1", "net2");
    PluginCall bond = bond(members);
    Outcome added = bond.add().ok();
    SeenLink link = pod.ip().link("bond0");
    for (String option : kernel) {
      String key = option.substring(0, option.indexOf('='));
      assertThat(key + "=" + link.info(key)).isEqualTo(option);
    }
    bond.check(added).ok();
    bond.del().ok();
  }

  /// Linux 6.17 introduced it; an older kernel ignores it silently.
  @Test
  void anOptionThatTheKernelIgnoresIsNotBelieved() throws Exception {
    pod.withDummies("net1", "net2");
    Snapshot before = node.snapshot(pod);
    bond("'mode': '802.3ad', 'failOverMac': 0, 'broadcastNeighbor': 'on'")
        .add()
        .failed(101, "broadcastNeighbor", "this kernel ignored it", "as before");
    assertThat(node.snapshot(pod).lines()).isEqualTo(before.lines());
  }

  @Test
  void membersHavePrioritiesAndQueues() throws Exception {
    pod.withDummies("net1", "net2");
    bond("'links': [{'name': 'net1', 'prio': -3, 'queueId': 1},"
            + " {'name': 'net2', 'prio': 10, 'queueId': 2}]")
        .add()
        .ok();
    assertThat(pod.ip().link("net1").memberInfo("prio")).isEqualTo("-3");
    assertThat(pod.ip().link("net1").memberInfo("queue_id")).isEqualTo("1");
    assertThat(pod.ip().link("net2").memberInfo("queue_id")).isEqualTo("2");
    Eventually.is(
        "the member of higher priority is active",
        () -> pod.ip().link("bond0").info("active_slave").equals("net2"));
    bond("").del().ok();
  }

  @Test
  void aBondHas16Members() throws Exception {
    List<String> names = IntStream.rangeClosed(1, 16).mapToObj(n -> "net" + n).toList();
    pod.withDummies(names.toArray(String[]::new));
    String links =
        names.stream().map("{'name': '%s'}"::formatted).collect(Collectors.joining(", "));
    PluginCall bond = bond("'mode': 'balance-xor', 'failOverMac': 0, 'links': [" + links + "]");
    Outcome added = bond.add().ok();
    assertThat(pod.ip().links().stream().filter(link -> link.master().equals("bond0"))).hasSize(16);
    bond.check(added).ok();
    bond.del().ok();
    assertThat(pod.ip().links().stream().filter(link -> !link.master().isEmpty())).isEmpty();
    bond("'links': [" + links + ", {'name': 'net17'}]").add().failed(7, "links", "17", "16");
  }

  @Test
  void aVlanOnTopCarriesTheAddress() throws Exception {
    pod.withDummies("net1", "net2");
    PluginCall bond = bond("'vlan': 5, " + node.hostLocal("10.7.7.0/24"));
    Outcome added = bond.add().ok();
    assertThat(SeenLink.text(added.onlyInterface(), "name")).isEqualTo("bond0.5");
    SeenLink vlan = pod.ip().link("bond0.5");
    assertThat(vlan.kind()).isEqualTo("vlan");
    assertThat(vlan.info("id")).isEqualTo("5");
    assertThat(SeenLink.text(vlan.json(), "link")).isEqualTo("bond0");
    assertThat(pod.ip().addresses("bond0.5")).containsExactly("10.7.7.2/24");
    assertThat(pod.ip().addresses("bond0")).isEmpty();
    bond.check(added).ok();
    pod.ip().run("link delete bond0.5");
    bond.check(added).failed(103, "bond0.5");
    bond.del().ok();
    assertThat(pod.ip().find("bond0")).isEmpty();
    assertThat(node.state()).isEmpty();
  }

  @Test
  void withoutAnMtuTheSmallestMemberDecides() throws Exception {
    pod.withDummies("net1", "net2");
    pod.ip().run("link set net1 mtu 9000");
    pod.ip().run("link set net2 mtu 1450");
    bond("").add().ok();
    assertThat(pod.ip().link("bond0").mtu()).isEqualTo(1450);
    assertThat(pod.ip().link("net1").mtu()).isEqualTo(1450);
    bond("").del().ok();
    assertThat(pod.ip().link("net1").mtu()).isEqualTo(9000);
    assertThat(pod.ip().link("net2").mtu()).isEqualTo(1450);
  }

  @Test
  void theBondGetsTheMacItAsksFor() throws Exception {
    pod.withDummies("net1", "net2");
    String own = pod.ip().link("net2").mac();
    PluginCall bond = bond("'failOverMac': 0, 'mac': '02:00:00:00:00:42'");
    Outcome added = bond.add().ok();
    assertThat(SeenLink.text(added.onlyInterface(), "mac")).isEqualTo("02:00:00:00:00:42");
    assertThat(pod.ip().link("net2").mac()).isEqualTo("02:00:00:00:00:42");
    bond.check(added).ok();
    bond.del().ok();
    assertThat(pod.ip().link("net2").mac()).isEqualTo(own);
    bond.withArgs("MAC=02:00:00:00:00:43").add().ok();
    assertThat(pod.ip().link("bond0").mac()).isEqualTo("02:00:00:00:00:43");
    bond.del().ok();
  }

  @Test
  void bothFamiliesAndTheirRoutesAreConfigured() throws Exception {
    pod.withDummies("net1", "net2");
    PluginCall bond =
        bond(
            """
            'ipam': {'type': 'static',
                     'addresses': [{'address': '10.7.7.5/24', 'gateway': '10.7.7.1'},
                                   {'address': 'fd00:7::5/64', 'gateway': 'fd00:7::1'}],
                     'routes': [{'dst': '0.0.0.0/0'}, {'dst': '::/0'},
                                {'dst': '10.8.0.0/16', 'gw': '10.7.7.9'}],
                     'dns': {'nameservers': ['10.7.7.53']}}
            """);
    Outcome added = bond.add().ok();
    assertThat(pod.ip().addresses("bond0"))
        .containsExactlyInAnyOrder("10.7.7.5/24", "fd00:7::5/64");
    assertThat(pod.ip().run("-4 route show default")).contains("via 10.7.7.1 dev bond0");
    assertThat(pod.ip().run("-6 route show default")).contains("via fd00:7::1 dev bond0");
    assertThat(pod.ip().run("-4 route show 10.8.0.0/16")).contains("via 10.7.7.9");
    assertThat(SeenLink.objects(added.json(), "ips")).hasSize(2);
    assertThat(SeenLink.object(added.json(), "dns").toString()).contains("10.7.7.53");
    bond.check(added).ok();
    bond.del().ok();
  }

  /// About as many as a result of IPAM may hold.
  @Test
  void aThousandRoutesAreMadeAndChecked() throws Exception {
    pod.withDummies("net1", "net2");
    String routes =
        IntStream.range(0, 1_050)
            .mapToObj(i -> "{'dst': '10.%d.%d.0/24'}".formatted(20 + i / 256, i % 256))
            .collect(Collectors.joining(","));
    PluginCall bond =
        bond(
            """
            'ipam': {'type': 'static',
                     'addresses': [{'address': '10.7.7.5/24', 'gateway': '10.7.7.1'}],
                     'routes': [%s]}
            """
                .formatted(routes));
    Outcome added = bond.add().ok();
    assertThat(pod.ip().run("-4 route show via 10.7.7.1").lines()).hasSize(1_050);
    bond.check(added).ok();
    pod.ip().run("route flush root 10.20.0.0/16");
    bond.check(added).failed(103, "10.20.0.0/24 via 10.7.7.1", "and 786 more", "found 794");
    bond.del().ok();
  }

  @Test
  void membersGoByAlternativeNamesToo() throws Exception {
    pod.withDummies("net1", "net2");
    pod.ip().run("link property add dev net2 altname a-name-that-is-longer-than-15");
    PluginCall bond =
        bond("'links': [{'name': 'net1'}, {'name': 'a-name-that-is-longer-than-15'}]");
    Outcome added = bond.add().ok();
    assertThat(pod.ip().link("net2").master()).isEqualTo("bond0");
    bond.check(added).ok();
    bond.del().ok();
    assertThat(pod.ip().link("net2").altNames()).containsExactly("a-name-that-is-longer-than-15");
  }

  @Test
  void aResultBeforeInTheChainIsKept() throws Exception {
    pod.withDummies("net1", "net2");
    Outcome added =
        bond("'prevResult': {'cniVersion': '1.0.0', 'interfaces': [{'name': 'net1'}],"
                + " 'ips': [{'address': '10.1.1.1/24', 'interface': 0}], 'dns': {}}, "
                + node.hostLocal("10.7.7.0/24"))
            .add()
            .ok();
    assertThat(SeenLink.objects(added.json(), "interfaces")).hasSize(2);
    assertThat(SeenLink.objects(added.json(), "ips")).hasSize(2);
    assertThat(SeenLink.text(SeenLink.objects(added.json(), "ips").getLast(), "interface"))
        .isEqualTo("1");
  }
}
