package dev.podbond.node.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.netlink.link.LinkChange;
import dev.podbond.netlink.link.Links;
import dev.podbond.netlink.link.NewLink;
import dev.podbond.netlink.netns.Sysctl;
import dev.podbond.netlink.thread.ThreadNetns;
import dev.podbond.node.netns.TwoNamespaces;
import dev.podbond.node.observe.FactsRequest;
import dev.podbond.node.observe.PodScope;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Every change on links that need no hardware, and what can be read back of it.
@Tag("kernel")
class ChangesKernelTest {
  private static final LinkRef BOND = LinkRef.pod("bond0");
  private static final LinkRef P0 = LinkRef.pod("p0");
  private static final LinkRef P1 = LinkRef.pod("p1");
  private static final LinkRef H0 = LinkRef.host("h0");
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0b").orElseThrow();

  private TwoNamespaces namespaces;
  private NodeKernel kernel;

  @BeforeEach
  void furnish() throws IOException {
    namespaces = TwoNamespaces.empty();
    kernel = namespaces.kernel();
    namespaces.host().links().create(NewLink.dummy("h0"));
    namespaces.pod().links().create(NewLink.dummy("p0"));
    namespaces.pod().links().create(NewLink.veth("p1", "peer", namespaces.host().netns()));
  }

  @AfterEach
  void close() throws IOException {
    namespaces.close();
    assertThat(ThreadNetns.strays()).isEmpty();
  }

  private LinkFacts read(LinkRef ref) throws IOException {
    return find(ref).orElseThrow();
  }

  private Optional<LinkFacts> find(LinkRef ref) throws IOException {
    return namespaces
        .observer()
        .observe(FactsRequest.POD.withHostLink(ref.name()))
        .link(ref.place(), ref.name());
  }

  /// Somebody renames links between two changes of a plan, and gives another link the name.
  @Test
  void aPlanKeepsToTheLinkThatItFoundUnderAName() throws Exception {
    NodeKernel plan = namespaces.kernel();
    plan.apply(new Change.SetMtu(P0, 1400));
    Links links = namespaces.pod().links();
    links.change(links.get("p0").index(), LinkChange.of().rename("p9"));
    links.create(NewLink.dummy("p0"));
    plan.apply(new Change.SetMtu(P0, 1300));
    assertThat(links.get("p9").mtu()).isEqualTo(1300);
    assertThat(links.get("p0").mtu()).isEqualTo(1500);
    namespaces.kernel().apply(new Change.SetMtu(P0, 1200));
    assertThat(links.get("p0").mtu()).isEqualTo(1200);
  }

  /// Somebody renamed links between the look and the move.
  @Test
  void aLinkOfTheHostThatGotTheNameSinceStaysThere() throws Exception {
    NodeFacts seen = namespaces.observer().observe(FactsRequest.POD.withHostLink("h0"));
    kernel.apply(new Change.Rename(H0, "h1"));
    namespaces.host().links().create(NewLink.dummy("h0"));
    kernel = namespaces.kernel(seen);

    assertThat(refused(new Change.Move(H0, LinkRef.pod("h0"))))
        .hasMessageContaining("another link has this name by now");
    assertThat(find(H0)).isPresent();
    assertThat(find(LinkRef.host("h1"))).isPresent();
    kernel.apply(new Change.Move(LinkRef.host("h1"), LinkRef.pod("h1")));
    assertThat(find(LinkRef.pod("h1"))).isPresent();
  }

  private ChangeFailedException refused(Change change) {
    ChangeFailedException refused =
        catchThrowableOfType(ChangeFailedException.class, () -> kernel.apply(change));
    assertThat(refused).as("the refusal of: %s", change).isNotNull();
    assertThat(refused.change()).isEqualTo(change);
    return refused;
  }

  private static BondOptions activeBackup() {
    return new BondOptions(
        Map.of(
            BondOption.MODE, new OptionValue.Number(BondMode.ACTIVE_BACKUP.number()),
            BondOption.MIIMON, new OptionValue.Number(100)));
  }

  private void makeBond() throws ChangeFailedException {
    kernel.apply(
        new Change.CreateBond(BOND, activeBackup(), Optional.empty(), OptionalInt.empty()));
  }

  @Test
  void aBondIsMadeWithOptionsMacAndMtuInOne() throws Exception {
    BondOptions options =
        activeBackup()
            .with(BondOption.FAIL_OVER_MAC, new OptionValue.Number(1))
            .with(BondOption.PRIMARY, new OptionValue.MemberName("p0"))
            .with(
                BondOption.ARP_IP_TARGET,
                new OptionValue.Targets(List.of(InetAddress.ofLiteral("10.1.0.9"))));
    kernel.apply(new Change.CreateBond(BOND, options, Optional.of(MAC), OptionalInt.of(1400)));
    LinkFacts bond = read(BOND);
    assertThat(bond.kind()).isEqualTo("bond");
    assertThat(bond.mac()).contains(MAC);
    assertThat(bond.mtuBytes()).isEqualTo(1400);
    assertThat(bond.up()).isFalse();
    BondOptions found = bond.bond().orElseThrow();
    assertThat(found.get(BondOption.FAIL_OVER_MAC)).contains(new OptionValue.Number(1));
    assertThat(found.get(BondOption.ARP_IP_TARGET))
        .isEqualTo(options.get(BondOption.ARP_IP_TARGET));
    assertThat(found.get(BondOption.PRIMARY)).as("not yet a member").isEmpty();
    kernel.apply(new Change.Enslave(P0, BOND));
    assertThat(read(BOND).bond().orElseThrow().get(BondOption.PRIMARY))
        .contains(new OptionValue.MemberName("p0"));
  }

  @Test
  void aBondThatTheKernelRefusesIsNotThereAndItsWordsAreKept() throws Exception {
    BondOptions both = activeBackup().with(BondOption.ARP_INTERVAL, new OptionValue.Number(100));
    ChangeFailedException refused =
        refused(new Change.CreateBond(BOND, both, Optional.empty(), OptionalInt.empty()));
    assertThat(refused.errno()).isEqualTo("EINVAL");
    assertThat(refused.reason()).contains("ARP monitoring cannot be used with MII monitoring");
    assertThat(find(BOND)).isEmpty();
  }

  @Test
  void aPrimaryThatIsNotThereIsRefused() throws Exception {
    BondOptions options =
        activeBackup().with(BondOption.PRIMARY, new OptionValue.MemberName("nope"));
    ChangeFailedException refused =
        refused(new Change.CreateBond(BOND, options, Optional.empty(), OptionalInt.empty()));
    assertThat(refused.errno()).isEqualTo("ENODEV");
    assertThat(find(BOND)).isEmpty();
  }

  @Test
  void aTakenNameIsRefused() throws Exception {
    makeBond();
    assertThat(
            refused(
                    new Change.CreateBond(
                        BOND, activeBackup(), Optional.empty(), OptionalInt.empty()))
                .errno())
        .isEqualTo("EEXIST");
  }

  @Test
  void membersJoinAndLeaveAndAreTold() throws Exception {
    makeBond();
    kernel.apply(new Change.Enslave(P0, BOND));
    kernel.apply(new Change.SetMemberOptions(P0, OptionalInt.of(5), OptionalInt.of(2)));
    MemberFacts member = read(P0).member().orElseThrow();
    assertThat(member.bond()).isEqualTo("bond0");
    assertThat(member.masterKind()).isEqualTo("bond");
    assertThat(member.priority()).hasValue(5);
    assertThat(member.queueId()).hasValue(2);
    assertThat(read(P0).up()).isTrue();
    kernel.apply(new Change.Release(P0, BOND));
    assertThat(read(P0).member()).isEmpty();
    assertThat(read(P0).up()).isFalse();
    ChangeFailedException again = refused(new Change.Release(P0, BOND));
    assertThat(again.isMissing()).isTrue();
  }

  @Test
  void ofMemberOptionsAllOrNoneAreSet() throws Exception {
    makeBond();
    kernel.apply(new Change.Enslave(P0, BOND));
    kernel.apply(new Change.SetMemberOptions(P0, OptionalInt.of(1), OptionalInt.of(1)));
    refused(new Change.SetMemberOptions(P0, OptionalInt.of(9), OptionalInt.of(60_000)));
    MemberFacts member = read(P0).member().orElseThrow();
    assertThat(member.priority()).hasValue(1);
    assertThat(member.queueId()).hasValue(1);
  }

  @Test
  void theMemberThatABondUsesIsChosenAndToldAndLeftToTheKernelAgain() throws Exception {
    // Both have a carrier: p1's peer is down.
    LinkRef other = LinkRef.pod("p3");
    namespaces.pod().links().create(NewLink.dummy(other.name()));
    makeBond();
    kernel.apply(new Change.Enslave(P0, BOND));
    kernel.apply(new Change.Enslave(other, BOND));
    kernel.apply(new Change.SetAdminState(BOND, true));
    kernel.apply(new Change.SetPrimary(BOND, Optional.of(other.name())));
    assertThat(bondOption(BondOption.PRIMARY)).contains("p3");
    assertThat(bondOption(BondOption.ACTIVE_SLAVE)).contains("p3");
    kernel.apply(new Change.SetPrimary(BOND, Optional.empty()));
    assertThat(bondOption(BondOption.PRIMARY)).isEmpty();
    kernel.apply(new Change.SetActiveMember(BOND, P0.name()));
    assertThat(bondOption(BondOption.ACTIVE_SLAVE)).contains("p0");
    refused(new Change.SetActiveMember(BOND, "p2"));
    assertThat(bondOption(BondOption.ACTIVE_SLAVE)).contains("p0");
  }

  private Optional<String> bondOption(BondOption option) throws Exception {
    return read(BOND).bond().orElseThrow().get(option).map(Object::toString);
  }

  @Test
  void aLinkThatIsUpIsNotEnslavedAndTheKernelSaysWhy() throws Exception {
    makeBond();
    kernel.apply(new Change.SetAdminState(P0, true));
    ChangeFailedException refused = refused(new Change.Enslave(P0, BOND));
    assertThat(refused.errno()).isEqualTo("EPERM");
    assertThat(refused.reason()).contains("Device can not be enslaved while up");
  }

  @Test
  void aMemberOfOneBondIsNotTakenForAnother() throws Exception {
    makeBond();
    LinkRef other = LinkRef.pod("bond1");
    kernel.apply(
        new Change.CreateBond(other, activeBackup(), Optional.empty(), OptionalInt.empty()));
    kernel.apply(new Change.Enslave(P0, BOND));
    ChangeFailedException refused = refused(new Change.Enslave(P0, other));
    assertThat(refused.errno()).isEqualTo("EBUSY");
    assertThat(refused.reason()).isEqualTo("p0 is already a member of bond0");
    assertThat(read(P0).member()).map(MemberFacts::bond).contains("bond0");
  }

  @Test
  void onlyALinkOfTheRightKindIsDeleted() throws Exception {
    ChangeFailedException refused = refused(new Change.DeleteLink(P0, "bond"));
    assertThat(refused.reason()).contains("of kind dummy, not of kind bond");
    assertThat(find(P0)).isPresent();
    makeBond();
    kernel.apply(new Change.DeleteLink(BOND, "bond"));
    assertThat(find(BOND)).isEmpty();
    assertThat(refused(new Change.DeleteLink(BOND, "bond")).isMissing()).isTrue();
  }

  @Test
  void aVlanIsMadeOnABond() throws Exception {
    makeBond();
    LinkRef vlan = LinkRef.pod("bond0.5");
    kernel.apply(new Change.CreateVlan(vlan, BOND, 5, OptionalInt.of(1300)));
    assertThat(read(vlan).kind()).isEqualTo("vlan");
    assertThat(read(vlan).mtuBytes()).isEqualTo(1300);
    kernel.apply(new Change.DeleteLink(vlan, "vlan"));
  }

  @Test
  void stateMacMtuAndNamesAreSet() throws Exception {
    kernel.apply(new Change.SetMac(P0, MAC));
    kernel.apply(new Change.SetMtu(P0, 1234));
    kernel.apply(new Change.AddAltName(P0, "a-name-longer-than-fifteen-bytes"));
    kernel.apply(new Change.Rename(P0, "q0"));
    kernel.apply(new Change.SetAdminState(LinkRef.pod("q0"), true));
    LinkFacts link = read(LinkRef.pod("q0"));
    assertThat(link.mac()).contains(MAC);
    assertThat(link.mtuBytes()).isEqualTo(1234);
    assertThat(link.altNames()).containsExactly("a-name-longer-than-fifteen-bytes");
    assertThat(link.up()).isTrue();
    kernel.apply(new Change.RemoveAltName(LinkRef.pod("q0"), "a-name-longer-than-fifteen-bytes"));
    assertThat(read(LinkRef.pod("q0")).altNames()).isEmpty();
  }

  /// None of these names may go with the link to its next place; but a pod has any number of links.
  @Test
  void allNamesOfALinkThatIsLookedForAreToldAndAFewOfAnyOther() throws Exception {
    for (int i = 0; i < 200; i++) {
      kernel.apply(new Change.AddAltName(P0, "squatter" + i));
    }
    FactsRequest lookedFor =
        new FactsRequest(Set.of(), Set.of(), PodScope.Named.links(Set.of("p0")));
    assertThat(namespaces.observer().observe(lookedFor).link(Place.POD, "p0").orElseThrow())
        .satisfies(link -> assertThat(link.altNames()).hasSize(200));
    assertThat(read(P0).altNames()).hasSizeLessThan(20);
    kernel.apply(new Change.Move(P0, LinkRef.host("p0")));
    assertThat(read(LinkRef.host("p0")).altNames()).hasSize(200);
    kernel.apply(new Change.DeleteLink(LinkRef.host("p0"), "dummy"));
  }

  @Test
  void anAlternativeNameIsNoNameForAChange() throws Exception {
    kernel.apply(new Change.AddAltName(P0, "alias"));
    assertThat(refused(new Change.SetAdminState(LinkRef.pod("alias"), true)).errno())
        .isEqualTo("ENODEV");
  }

  @Test
  void aLinkMovesUnderAnotherNameAndBack() throws Exception {
    kernel.apply(new Change.SetMtu(H0, 1300));
    kernel.apply(new Change.Move(H0, LinkRef.pod("net7")));
    assertThat(find(H0)).isEmpty();
    assertThat(read(LinkRef.pod("net7")).mtuBytes()).isEqualTo(1300);
    kernel.apply(new Change.Move(LinkRef.pod("net7"), H0));
    assertThat(find(H0)).isPresent();
  }

  @Test
  void aMoveToATakenNameMovesNothing() throws Exception {
    kernel.apply(new Change.SetAdminState(H0, true));
    assertThat(refused(new Change.Move(H0, P0)).errno()).isEqualTo("EEXIST");
    assertThat(read(H0).up()).isTrue();
  }

  @Test
  void aMoveToANameThatTheKernelDoesNotTakeMovesNothing() throws Exception {
    kernel.apply(new Change.AddAltName(H0, "also-h0"));
    kernel.apply(new Change.SetAdminState(H0, true));
    refused(new Change.Move(H0, LinkRef.pod("bad/name")));
    refused(new Change.Move(H0, LinkRef.pod("also-h0")));
    assertThat(read(H0).up()).isTrue();
    assertThat(read(H0).altNames()).containsExactly("also-h0");
  }

  @Test
  void aBondDoesNotMove() throws Exception {
    makeBond();
    assertThat(refused(new Change.Move(BOND, LinkRef.host("bond0"))).errno()).isEqualTo("EINVAL");
    assertThat(find(BOND)).isPresent();
  }

  @Test
  void addressesAndRoutesComeAndGo() throws Exception {
    kernel.apply(new Change.SetAdminState(P0, true));
    IpPrefix ipv4 = IpPrefix.parse("10.1.0.2/24").orElseThrow();
    IpPrefix ipv6 = IpPrefix.parse("fd00:1::2/64").orElseThrow();
    kernel.apply(new Change.AddAddress(P0, ipv4));
    kernel.apply(new Change.AddAddress(P0, ipv6));
    assertThat(read(P0).addresses()).contains(ipv4, ipv6);
    assertThat(refused(new Change.AddAddress(P0, ipv4)).errno()).isEqualTo("EEXIST");
    Route full =
        new Route(
            IpPrefix.parse("10.9.3.4/16").orElseThrow(),
            Optional.of(InetAddress.ofLiteral("10.1.0.1")),
            OptionalInt.of(1400),
            OptionalInt.of(1300),
            OptionalInt.of(7),
            OptionalInt.of(100),
            OptionalInt.empty());
    Route plain = Route.of(IpPrefix.parse("fd00:9::/48").orElseThrow(), Optional.empty());
    kernel.apply(new Change.AddRoute(P0, full));
    kernel.apply(new Change.AddRoute(P0, plain));
    List<Route> routes =
        namespaces.observer().observe(FactsRequest.POD).routes().getOrDefault("p0", List.of());
    assertThat(routes)
        .contains(plain)
        .anySatisfy(route -> {
          assertThat(route.destination()).hasToString("10.9.0.0/16");
          assertThat(route.gateway()).isEqualTo(full.gateway());
          assertThat(route.mtuBytes()).hasValue(1400);
          assertThat(route.advmssBytes()).hasValue(1300);
          assertThat(route.priority()).hasValue(7);
          assertThat(route.table()).hasValue(100);
        });
    kernel.apply(new Change.RemoveRoute(P0, full));
    kernel.apply(new Change.RemoveRoute(P0, plain));
    kernel.apply(new Change.RemoveAddress(P0, ipv4));
    kernel.apply(new Change.RemoveAddress(P0, ipv6));
    assertThat(read(P0).addresses()).doesNotContain(ipv4, ipv6);
    assertThat(refused(new Change.RemoveRoute(P0, plain)).isMissing()).isTrue();
    assertThat(refused(new Change.RemoveAddress(P0, ipv4)).isMissing()).isTrue();
  }

  private static Change.AddRoute route(LinkRef link, String destination, String gateway) {
    return new Change.AddRoute(
        link,
        Route.of(
            IpPrefix.parse(destination).orElseThrow(),
            Optional.of(InetAddress.ofLiteral(gateway))));
  }

  private List<String> outcomes(List<Change> changes) {
    return kernel.applyEach(changes).stream()
        .map(failure -> failure.map(ChangeFailedException::errno).orElse("done"))
        .toList();
  }

  /// The second route is needed by the third, and the kernel refuses the fourth and fifth.
  @Test
  void routesThatAreAskedForTogetherAreMadeInTheirOrderAndFailEachForItself() throws Exception {
    kernel.apply(new Change.SetAdminState(P0, true));
    kernel.apply(new Change.AddAddress(P0, IpPrefix.parse("10.1.0.2/24").orElseThrow()));
    List<Change> changes = new ArrayList<>();
    changes.add(route(P0, "10.2.0.0/24", "10.1.0.1"));
    changes.add(
        new Change.AddRoute(
            P0, Route.of(IpPrefix.parse("10.3.0.1/32").orElseThrow(), Optional.empty())));
    changes.add(route(P0, "10.4.0.0/24", "10.3.0.1"));
    changes.add(route(P0, "10.5.0.0/24", "192.0.2.1"));
    changes.add(route(P0, "10.2.0.0/24", "10.1.0.1"));
    for (int i = 0; i < 59; i++) {
      changes.add(route(P0, "10.6." + i + ".0/24", "10.1.0.1"));
    }
    List<String> outcomes = outcomes(changes);
    assertThat(outcomes).hasSize(64);
    assertThat(outcomes.subList(0, 5))
        .containsExactly("done", "done", "done", "ENETUNREACH", "EEXIST");
    assertThat(outcomes.subList(5, 64)).containsOnly("done");
    List<Route> found =
        namespaces.observer().observe(FactsRequest.POD).routes().getOrDefault("p0", List.of());
    assertThat(found)
        .extracting(route -> route.destination().toString())
        .contains("10.2.0.0/24", "10.4.0.0/24", "10.6.0.0/24", "10.6.58.0/24")
        .doesNotContain("10.5.0.0/24");
  }

  @Test
  void routesOfALinkThatIsNotThereFailLikeOne() {
    LinkRef none = LinkRef.pod("none");
    List<Change> changes =
        List.of(route(none, "10.2.0.0/24", "10.1.0.1"), route(none, "10.3.0.0/24", "10.1.0.1"));
    assertThat(outcomes(changes)).containsExactly("ENODEV");
  }

  @Test
  void aSecondRouteToADestinationStandsBesideTheFirst() throws Exception {
    Route route = Route.of(IpPrefix.parse("fd00:9::/48").orElseThrow(), Optional.empty());
    kernel.apply(new Change.SetAdminState(P0, true));
    kernel.apply(new Change.SetAdminState(P1, true));
    kernel.apply(new Change.AddRoute(P0, route));
    kernel.apply(new Change.AddRoute(P1, route));
    Map<String, List<Route>> routes = namespaces.observer().observe(FactsRequest.POD).routes();
    assertThat(routes.get("p0")).contains(route);
    assertThat(routes.get("p1")).contains(route);
  }

  @Test
  void settingsAreThoseOfTheNamespace() throws Exception {
    kernel.apply(new Change.SetSysctl(Place.POD, "ipv4/conf/p0/arp_notify", "1"));
    assertThat(Sysctl.read(namespaces.pod().netns(), "ipv4/conf/p0/arp_notify")).isEqualTo("1");
    ChangeFailedException refused =
        refused(new Change.SetSysctl(Place.HOST, "ipv4/conf/p0/arp_notify", "1"));
    assertThat(refused.errno()).isEqualTo("ENOENT");
  }

  @Test
  void linksWithoutHardwareHaveNoPciFunction() throws Exception {
    assertThat(read(P0).pci()).isEmpty();
    assertThat(read(LinkRef.host("peer")).kind()).isEqualTo("veth");
  }
}
