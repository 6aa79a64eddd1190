package dev.podbond.bonding.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.MemberOptions;
import dev.podbond.bonding.config.MemberSpec;
import dev.podbond.bonding.config.MemberSpec.Named;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.model.KernelModel;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Plans as users read them.
class BondPlannerTest {
  private static final MacAddress MAC1 = new MacAddress(0x020000000001L);
  private static final MacAddress MAC2 = new MacAddress(0x020000000002L);
  private static final BondNames NAMES = new BondNames("bond0", Optional.of("net3"));

  private final KernelModel kernel = new KernelModel();

  private void inPod(String name, MacAddress mac, int mtuBytes, boolean up) {
    kernel.addLink(LinkRef.pod(name), "dummy", mac, mtuBytes, up);
  }

  private static BondConfig config(BondMode mode, boolean linksInContainer, String... links) {
    List<MemberSpec> members =
        List.of(links).stream()
            .<MemberSpec>map(name -> new Named(name, MemberOptions.DEFAULT))
            .toList();
    BondOptions options =
        new BondOptions(
            Map.of(
                BondOption.MODE, new OptionValue.Number(mode.number()),
                BondOption.MIIMON, new OptionValue.Number(100)));
    return new BondConfig(
        "net",
        mode,
        options,
        members,
        linksInContainer,
        true,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        false);
  }

  private static List<String> lines(Plan plan) {
    return plan.steps().stream().map(step -> step.change().toString()).toList();
  }

  @Test
  void aBondOfTwoLinksInThePodTakesTheSmallestMtu() {
    inPod("net1", MAC1, 9000, true);
    inPod("net2", MAC2, 1400, false);
    Plan plan =
        BondPlanner.assemble(
            config(BondMode.ACTIVE_BACKUP, true, "net1", "net2"), NAMES, kernel.facts());
    assertThat(lines(plan))
        .containsExactly(
            "create bond bond0 in the pod with mode active-backup, miimon 100, MTU 1400",
            "add alternative name net3 to bond0 in the pod",
            "set net1 in the pod down",
            "make net1 in the pod a member of bond0",
            "make net2 in the pod a member of bond0",
            "set bond0 in the pod up");
  }

  @Test
  void linksOfTheHostMoveUnderTheirKernelNameWhateverNameFindsThem() {
    kernel.addLink(LinkRef.host("eth1"), "", MAC1, 1500, true);
    kernel.addAltName(LinkRef.host("eth1"), "enp1s0");
    kernel.addLink(LinkRef.host("eth2"), "", MAC2, 1500, false);
    BondConfig config = config(BondMode.BALANCE_XOR, false, "enp1s0", "eth2");
    Plan plan = BondPlanner.assemble(config, NAMES, kernel.facts());
    assertThat(lines(plan).subList(0, 3))
        .containsExactly(
            "set eth1 on the host down",
            "move eth1 on the host to eth1 in the pod",
            "move eth2 on the host to eth2 in the pod");
  }

  @Test
  void primaryMayBeAnAlternativeNameAndIsSentAsTheKernelName() {
    inPod("net1", MAC1, 1500, false);
    inPod("net2", MAC2, 1500, false);
    kernel.addAltName(LinkRef.pod("net2"), "storage");
    BondConfig plain = config(BondMode.ACTIVE_BACKUP, true, "net1", "storage");
    BondConfig config =
        new BondConfig(
            "net",
            plain.mode(),
            plain.options().with(BondOption.PRIMARY, new OptionValue.MemberName("storage")),
            plain.members(),
            true,
            true,
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            false);
    assertThat(lines(BondPlanner.assemble(config, NAMES, kernel.facts())).getFirst())
        .contains("primary net2");
  }

  @ParameterizedTest
  @CsvSource({"BALANCE_TLB, true", "BALANCE_ALB, true", "ACTIVE_BACKUP, false", "LACP, false"})
  void equalMacsAreToldApartOnlyWhereTheModeMustAndBecomeEqualAgain(BondMode mode, boolean differ)
      throws ChangeFailedException {
    inPod("net1", MAC1, 1500, true);
    inPod("net2", MAC1, 1500, true);
    List<String> start = kernel.state();
    Plan plan = BondPlanner.assemble(config(mode, true, "net1", "net2"), NAMES, kernel.facts());
    assertThat(lines(plan).stream().anyMatch(line -> line.startsWith("set MAC"))).isEqualTo(differ);
    Execution execution = new Execution(kernel);
    execution.run(plan);
    if (differ) {
      MacAddress mac = kernel.facts().link(Place.POD, "net2").flatMap(LinkFacts::mac).orElseThrow();
      assertThat(mac).isNotEqualTo(MAC1);
      assertThat(mac.isUnicast()).isTrue();
      assertThat(mac.octets()[0] & 2).as("locally administered").isEqualTo(2);
    }
    assertThat(execution.undo()).isEmpty();
    assertThat(kernel.state()).isEqualTo(start);
  }

  @Test
  void aMemberThatTheFactsDoNotKnowIsTheCallersMistake() {
    assertThatThrownBy(() ->
            BondPlanner.assemble(
                config(BondMode.BROADCAST, true, "net1", "net2"), NAMES, kernel.facts()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no facts about net1");
  }

  @ParameterizedTest
  @CsvSource({"bond0, 5, bond0.5", "production-bond, 4094, production.4094"})
  void aVlanIsNamedForItsBondWithinTheKernelsLimit(String bond, int id, String name) {
    assertThat(BondPlanner.vlanName(bond, id)).isEqualTo(name);
  }

  @Test
  void sysctlsComeBeforeAddressesAndRoutesTakeTheGatewayOfTheirFamily() {
    List<AssignedIp> ips =
        List.of(
            new AssignedIp(prefix("10.1.0.2/24"), Optional.empty()),
            new AssignedIp(prefix("10.2.0.2/24"), Optional.of(ip("10.2.0.1"))),
            new AssignedIp(prefix("fd00::2/64"), Optional.of(ip("fd00::1"))));
    List<Route> routes =
        List.of(
            Route.of(prefix("0.0.0.0/0"), Optional.empty()),
            Route.of(prefix("10.9.0.0/16"), Optional.of(ip("10.1.0.7"))),
            Route.of(prefix("::/0"), Optional.empty()));
    assertThat(lines(BondPlanner.address(LinkRef.pod("bond0"), ips, routes)))
        .containsExactly(
            "set net/ipv4/conf/bond0/arp_notify = 1 in the pod",
            "set net/ipv6/conf/bond0/disable_ipv6 = 0 in the pod",
            "set net/ipv6/conf/bond0/keep_addr_on_down = 1 in the pod",
            "set net/ipv6/conf/bond0/ndisc_notify = 1 in the pod",
            "add address 10.1.0.2/24 to bond0 in the pod",
            "add address 10.2.0.2/24 to bond0 in the pod",
            "add address fd00::2/64 to bond0 in the pod",
            "add route 0.0.0.0/0 via 10.2.0.1 on bond0 in the pod",
            "add route 10.9.0.0/16 via 10.1.0.7 on bond0 in the pod",
            "add route ::/0 via fd00::1 on bond0 in the pod");
  }

  @Test
  void onlyIpv6NeedsItsOwnSysctls() {
    AssignedIp ipv4 = new AssignedIp(prefix("10.1.0.2/24"), Optional.empty());
    AssignedIp ipv6 = new AssignedIp(prefix("fd00::2/64"), Optional.empty());
    assertThat(lines(BondPlanner.address(LinkRef.pod("bond0"), List.of(ipv4), List.of())))
        .containsExactly(
            "set net/ipv4/conf/bond0/arp_notify = 1 in the pod",
            "add address 10.1.0.2/24 to bond0 in the pod");
    assertThat(lines(BondPlanner.address(LinkRef.pod("bond0"), List.of(ipv6), List.of())))
        .containsExactly(
            "set net/ipv4/conf/bond0/arp_notify = 1 in the pod",
            "set net/ipv6/conf/bond0/disable_ipv6 = 0 in the pod",
            "set net/ipv6/conf/bond0/keep_addr_on_down = 1 in the pod",
            "set net/ipv6/conf/bond0/ndisc_notify = 1 in the pod",
            "add address fd00::2/64 to bond0 in the pod");
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text).orElseThrow();
  }

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }
}
