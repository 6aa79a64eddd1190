package dev.podbond.bonding.check;

import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static dev.podbond.bonding.fixture.LinkFixture.onHost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.check.Expectation.ExpectedBond;
import dev.podbond.bonding.check.Expectation.ExpectedMember;
import dev.podbond.bonding.check.Expectation.ExpectedVf;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.config.MemberOptions;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.fixture.VfFixture;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import dev.podbond.value.VlanProtocol;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each difference as `CHECK` prints it, and what does not count as a difference.
class DifferenceTest {
  private static final MacAddress MAC1 = new MacAddress(0x020000000001L);
  private static final MacAddress MAC2 = new MacAddress(0x020000000002L);
  private static final MacAddress ODD = new MacAddress(0x0200000000ffL);

  /// A bond of net1 and net2 that is as it was made; each test changes something.
  private static final class Bond {
    private BondMode mode = BondMode.ACTIVE_BACKUP;
    private BondOptions asked = options(BondMode.ACTIVE_BACKUP, 100);
    private BondOptions reported = asked;
    private Optional<String> altName = Optional.empty();
    private Optional<MacAddress> askedMac = Optional.empty();
    private Optional<String> vlan = Optional.empty();
    private MemberOptions memberOptions = MemberOptions.DEFAULT;
    private MacAddress mac = MAC1;
    private boolean up = true;
    private boolean carrier = true;
    private int mtuBytes = 1500;
    private final List<LinkFacts> links = new ArrayList<>();

    Bond mode(BondMode wanted, long failOverMac) {
      mode = wanted;
      asked =
          options(wanted, 100).with(BondOption.FAIL_OVER_MAC, new OptionValue.Number(failOverMac));
      reported = asked;
      return this;
    }

    Bond mac(MacAddress address) {
      mac = address;
      return this;
    }

    Bond member(String name, MacAddress own, boolean active) {
      return member(name, own, own, true, active);
    }

    Bond member(String name, MacAddress own, MacAddress now, boolean linkUp, boolean active) {
      links.add(
          with(
              inPod(name).mac(now.toString()).facts(links.size() + 2),
              true,
              1500,
              linkUp,
              new MemberFacts(
                  "bond0",
                  "bond",
                  linkUp,
                  active,
                  Optional.of(own),
                  0,
                  OptionalInt.empty(),
                  OptionalInt.empty())));
      return this;
    }

    private static LinkFacts with(
        LinkFacts link, boolean up, int mtuBytes, boolean carrier, MemberFacts member) {
      return new LinkFacts(
          link.ref(),
          link.index(),
          link.altNames(),
          link.kind(),
          link.type(),
          link.mac(),
          mtuBytes,
          up,
          carrier,
          Optional.of(member),
          link.pci(),
          link.bond(),
          link.addresses(),
          link.tuning());
    }

    Bond twoMembers() {
      return member("net1", MAC1, MAC1, true, true).member("net2", MAC2, MAC1, true, false);
    }

    NodeFacts facts() {
      List<LinkFacts> all = new ArrayList<>(links);
      LinkFacts plain = inPod("bond0").kind("bond").mac(mac.toString()).mtu(mtuBytes).facts(1);
      all.add(
          new LinkFacts(
              plain.ref(),
              1,
              plain.altNames(),
              "bond",
              plain.type(),
              plain.mac(),
              mtuBytes,
              up,
              carrier,
              Optional.empty(),
              Optional.empty(),
              Optional.of(reported),
              List.of(),
              plain.tuning()));
      return new NodeFacts(all, Map.of(), Map.of());
    }

    Expectation expectation() {
      return new Expectation(
          Optional.of(
              new ExpectedBond(
                  new BondNames("bond0", altName),
                  mode,
                  asked,
                  List.of(
                      new ExpectedMember("net1", memberOptions),
                      new ExpectedMember("net2", MemberOptions.DEFAULT)),
                  OptionalInt.of(1500),
                  askedMac,
                  vlan)),
          List.of(),
          LinkRef.pod("bond0"),
          List.of(),
          List.of());
    }

    List<String> differences() {
      return texts(Comparison.differences(expectation(), facts()));
    }

    List<String> degradations() {
      return texts(Comparison.degradations(expectation(), facts()));
    }
  }

  private static BondOptions options(BondMode mode, long miimon) {
    return new BondOptions(
        Map.of(
            BondOption.MODE, new OptionValue.Number(mode.number()),
            BondOption.MIIMON, new OptionValue.Number(miimon)));
  }

  private static List<String> texts(List<Difference> differences) {
    return differences.stream().map(Difference::toString).toList();
  }

  @Nested
  class OfABond {
    @Test
    void none() {
      Bond bond = new Bond().twoMembers();
      assertThat(bond.differences()).isEmpty();
      assertThat(bond.degradations()).isEmpty();
    }

    @Test
    void itIsGoneOrSomethingElse() {
      Bond bond = new Bond();
      assertThat(texts(Comparison.differences(bond.expectation(), new FactsBuilder().facts())))
          .containsExactly("bond0 in the pod: interface should be a bond, found nothing");
      NodeFacts veth = new FactsBuilder().link(inPod("bond0").kind("veth")).facts();
      assertThat(texts(Comparison.differences(bond.expectation(), veth)))
          .containsExactly("bond0 in the pod: interface should be a bond, found another kind");
      assertThat(Comparison.degradations(bond.expectation(), new FactsBuilder().facts())).isEmpty();
    }

    @Test
    void itsStateMtuAndAlternativeName() {
      Bond bond = new Bond().twoMembers();
      bond.up = false;
      bond.mtuBytes = 9000;
      bond.altName = Optional.of("net3");
      assertThat(bond.differences())
          .containsExactly(
              "bond0 in the pod: alternative name should be net3, found []",
              "bond0 in the pod: state should be up, found down",
              "bond0 in the pod: MTU should be 1500, found 9000");
    }

    @Test
    void anOptionThatSomebodyChanged() {
      Bond bond = new Bond().twoMembers();
      bond.reported = options(BondMode.ACTIVE_BACKUP, 50);
      assertThat(bond.differences())
          .containsExactly("bond0 in the pod: option miimon should be 100, found 50");
    }

    @Test
    void aDelayCountsAsTheKernelRoundsIt() {
      Bond bond = new Bond().twoMembers();
      bond.asked =
          bond.asked
              .with(BondOption.UPDELAY, new OptionValue.Number(250))
              .with(BondOption.DOWNDELAY, new OptionValue.Number(300))
              .with(BondOption.PEER_NOTIF_DELAY, new OptionValue.Number(199));
      bond.reported =
          bond.asked
              .with(BondOption.UPDELAY, new OptionValue.Number(200))
              .with(BondOption.PEER_NOTIF_DELAY, new OptionValue.Number(100));
      assertThat(bond.differences()).isEmpty();
      bond.reported = bond.asked;
      assertThat(bond.differences())
          .containsExactly(
              "bond0 in the pod: option updelay should be 200, found 250",
              "bond0 in the pod: option peerNotifDelay should be 100, found 199");
    }

    @Test
    void membersThatLeftCameOrChanged() {
      Bond bond = new Bond().member("net1", MAC1, true).member("eth7", MAC1, false);
      assertThat(bond.differences())
          .containsExactly(
              "net2 in the pod: master should be bond0, found no such interface",
              "eth7 in the pod: master should be none, found bond0");
      bond.links.add(inPod("net2").facts(9));
      assertThat(bond.differences())
          .contains("net2 in the pod: master should be bond0, found none");
      bond.links.removeLast();
      bond.links.add(inPod("net2").memberOf("other").facts(9));
      assertThat(bond.differences())
          .contains("net2 in the pod: master should be bond0, found other");
    }

    @Test
    void aMemberOfABondOfTheSameNameOnTheHostIsNoMember() {
      Bond bond = new Bond().twoMembers();
      bond.links.add(onHost("eth7").memberOf("bond0").facts(9));
      assertThat(bond.differences()).isEmpty();
    }

    @Test
    void aMembersStateMtuAndOptions() {
      Bond bond = new Bond().twoMembers();
      LinkFacts net1 = bond.links.removeFirst();
      MemberFacts state = net1.member().orElseThrow();
      bond.memberOptions = new MemberOptions(OptionalInt.of(-5), OptionalInt.of(1));
      bond.links.addFirst(
          Bond.with(
              net1,
              false,
              1400,
              true,
              new MemberFacts(
                  "bond0",
                  "bond",
                  true,
                  true,
                  state.permanentMac(),
                  0,
                  OptionalInt.empty(),
                  OptionalInt.of(2))));
      assertThat(bond.differences())
          .containsExactly(
              "net1 in the pod: state should be up, found down",
              "net1 in the pod: MTU should be 1500, found 1400",
              "net1 in the pod: prio should be -5, found nothing: this kernel ignored it or does"
                  + " not report it",
              "net1 in the pod: queue id should be 1, found 2");
    }

    @Test
    void itsVlanInterface() {
      Bond bond = new Bond().twoMembers();
      bond.vlan = Optional.of("bond0.5");
      assertThat(bond.differences())
          .containsExactly("bond0.5 in the pod: interface should be a VLAN, found nothing");
      bond.links.add(inPod("bond0.5").kind("veth").facts(8));
      assertThat(bond.differences())
          .containsExactly("bond0.5 in the pod: interface should be a VLAN, found another kind");
      bond.links.removeLast();
      bond.links.add(inPod("bond0.5").kind("vlan").down().facts(8));
      assertThat(bond.differences())
          .containsExactly("bond0.5 in the pod: state should be up, found down");
      bond.links.removeLast();
      bond.links.add(inPod("bond0.5").kind("vlan").facts(8));
      assertThat(bond.differences()).isEmpty();
    }
  }

  @Nested
  class OfMacs {
    @ParameterizedTest
    @EnumSource(names = {"BALANCE_RR", "BALANCE_XOR", "BROADCAST", "LACP", "ACTIVE_BACKUP"})
    void oneIsShared(BondMode mode) {
      Bond bond =
          new Bond()
              .mode(mode, 0)
              .member("net1", MAC1, MAC1, true, true)
              .member("net2", MAC2, MAC2, true, true);
      assertThat(bond.differences())
          .containsExactly("net2 in the pod: MAC should be " + MAC1 + ", found " + MAC2);
    }

    @Test
    void eachMemberKeepsItsOwnAndTheBondHasThatOfTheActiveOne() {
      Bond bond =
          new Bond()
              .mode(BondMode.ACTIVE_BACKUP, 1)
              .member("net1", MAC1, false)
              .member("net2", MAC2, true);
      assertThat(bond.differences())
          .containsExactly(
              "bond0 in the pod: MAC should be "
                  + MAC2
                  + " of the active member net2, found "
                  + MAC1);
      assertThat(bond.mac(MAC2).differences()).isEmpty();

      Bond changed =
          new Bond()
              .mode(BondMode.ACTIVE_BACKUP, 1)
              .member("net1", MAC1, true)
              .member("net2", MAC2, ODD, true, false);
      assertThat(changed.differences())
          .containsExactly("net2 in the pod: MAC should be " + MAC2 + ", found " + ODD);
    }

    @Test
    void withFailOverMacFollowTheActiveMemberHasTheBonds() {
      Bond bond =
          new Bond()
              .mode(BondMode.ACTIVE_BACKUP, 2)
              .member("net1", MAC1, false)
              .member("net2", MAC2, true);
      assertThat(bond.differences())
          .containsExactly("net2 in the pod: MAC should be " + MAC1 + ", found " + MAC2);
      assertThat(bond.mac(MAC2).differences()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"BALANCE_TLB", "BALANCE_ALB"})
    void allAreDifferentAndTheBondHasOneOfThem(BondMode mode) {
      Bond good = new Bond().mode(mode, 0).member("net1", MAC1, true).member("net2", MAC2, true);
      assertThat(good.differences()).isEmpty();
      assertThat(good.mac(ODD).differences())
          .containsExactly("bond0 in the pod: MAC should be that of one member, found " + ODD);
      Bond same = new Bond().mode(mode, 0).member("net1", MAC1, true).member("net2", MAC1, true);
      assertThat(same.differences())
          .containsExactly("net2 in the pod: MAC should be one of its own, found " + MAC1);
      Bond dead =
          new Bond()
              .mode(mode, 0)
              .mac(ODD)
              .member("net1", MAC1, MAC1, false, false)
              .member("net2", MAC2, MAC2, false, false);
      assertThat(dead.differences()).as("no member carries it").isEmpty();
    }

    @Test
    void theOneAskedForUnlessItCannotLast() {
      Bond bond = new Bond().mode(BondMode.ACTIVE_BACKUP, 0).twoMembers();
      bond.askedMac = Optional.of(ODD);
      assertThat(bond.differences())
          .containsExactly("bond0 in the pod: MAC should be " + ODD + ", found " + MAC1);
      bond.askedMac = Optional.of(MAC1);
      assertThat(bond.differences()).isEmpty();
      Bond active =
          new Bond()
              .mode(BondMode.ACTIVE_BACKUP, 1)
              .member("net1", MAC1, true)
              .member("net2", MAC2, false);
      active.askedMac = Optional.of(ODD);
      assertThat(active.differences()).isEmpty();
    }
  }

  @Nested
  class Degradations {
    @Test
    void aCableABondWithoutCarrierAndAMemberHeldDown() {
      Bond bond = new Bond().member("net1", MAC1, MAC1, false, false);
      LinkFacts held = new Bond().member("net2", MAC2, MAC1, false, false).links.getFirst();
      bond.links.add(Bond.with(held, true, 1500, true, held.member().orElseThrow()));
      bond.carrier = false;
      assertThat(bond.degradations())
          .containsExactly(
              "bond0 in the pod: carrier should be there, found none",
              "net1 in the pod: carrier should be there, found none",
              "net2 in the pod: carrier should be there, found held down");
    }

    @Test
    void lacpWithoutPartnerButNotABackup() {
      assertThat(new Bond().mode(BondMode.LACP, 0).twoMembers().degradations())
          .containsExactly(
              "net2 in the pod: LACP should be in the active aggregator, found outside it");
      assertThat(new Bond().twoMembers().degradations()).isEmpty();
    }

    @Test
    void aVfWithoutCarrier() {
      VfFixture vf = vf();
      Expectation expected = expectation(vf, VfSettings.NONE, Optional.empty());
      assertThat(Comparison.degradations(expected, new FactsBuilder().vf(vf).facts())).isEmpty();
      NodeFacts dead =
          new FactsBuilder()
              .vf(VfFixture.of("pf0", 0, "0000:01:10.0", inPod("net1").noCarrier()))
              .facts();
      assertThat(texts(Comparison.degradations(expected, dead)))
          .containsExactly("net1 in the pod: carrier should be there, found none");
    }
  }

  private static VfFixture vf() {
    return VfFixture.of("pf0", 0, "0000:01:10.0", inPod("net1"));
  }

  private static Expectation expectation(
      VfFixture vf, VfSettings pfSide, Optional<MacAddress> mac) {
    VfFacts facts = new FactsBuilder().vf(vf).facts().vfs().values().iterator().next();
    return new Expectation(
        Optional.empty(),
        List.of(new ExpectedVf(facts.ref(), Optional.of(LinkRef.pod("net1")), pfSide, mac)),
        LinkRef.pod("net1"),
        List.of(),
        List.of());
  }

  @Nested
  class OfAVf {
    private static final String VF = "VF 0 (0000:01:10.0) of PF pf0: ";

    @Test
    void whatItsPfHoldsForIt() {
      VfSettings wanted =
          new VfSettings(
              Optional.of(ODD),
              Optional.of(new VfVlan(5, 3, VlanProtocol.DOT1AD)),
              OptionalInt.of(10),
              OptionalInt.of(100),
              Optional.of(true),
              Optional.of(false),
              Optional.of(VfLinkState.ENABLE));
      NodeFacts facts = new FactsBuilder().vf(vf()).facts();
      assertThat(texts(Comparison.differences(expectation(vf(), wanted, Optional.empty()), facts)))
          .containsExactly(
              VF + "admin MAC should be " + ODD + ", found 02:11:00:00:01:10",
              VF + "VLAN should be 5 qos 3 proto 802.1ad, found 0",
              VF + "min tx rate should be 10, found 0",
              VF + "max tx rate should be 100, found 0",
              VF + "spoof check should be true, found false",
              VF + "trust should be false, found true",
              VF + "link state should be enable, found auto");
    }

    @Test
    void whatANicDoesNotReportIsNamedAsSuch() {
      VfSettings wanted =
          new VfSettings(
              Optional.empty(),
              Optional.empty(),
              OptionalInt.empty(),
              OptionalInt.empty(),
              Optional.empty(),
              Optional.of(true),
              Optional.empty());
      VfFixture silent = vf().trustUnknown();
      NodeFacts facts = new FactsBuilder().vf(silent).facts();
      assertThat(
              texts(Comparison.differences(expectation(silent, wanted, Optional.empty()), facts)))
          .containsExactly(VF + "trust should be true, found nothing the kernel reports");
    }

    @Test
    void itsInterface() {
      Expectation expected = expectation(vf(), VfSettings.NONE, Optional.of(MAC1));
      assertThat(texts(Comparison.differences(expected, new FactsBuilder().facts())))
          .containsExactly(
              "net1 in the pod: interface should be of VF 0 (0000:01:10.0) of PF pf0, found nothing");
      NodeFacts other = new FactsBuilder().link(inPod("net1")).facts();
      assertThat(texts(Comparison.differences(expected, other)))
          .singleElement()
          .asString()
          .endsWith("found another link");
      NodeFacts down =
          new FactsBuilder()
              .vf(VfFixture.of("pf0", 0, "0000:01:10.0", inPod("net1").down()))
              .facts();
      assertThat(texts(Comparison.differences(expected, down)))
          .containsExactly(
              "net1 in the pod: state should be up, found down",
              "net1 in the pod: MAC should be " + MAC1 + ", found 02:11:00:00:01:10");
    }
  }

  @Nested
  class OfAddressesAndRoutes {
    private final LinkFixture net1 = inPod("net1").address("10.1.0.2/24").address("fe80::1/64");

    private static Expectation expected(List<IpPrefix> addresses, List<Route> routes) {
      return new Expectation(Optional.empty(), List.of(), LinkRef.pod("net1"), addresses, routes);
    }

    private List<String> differences(Route asked, Route... found) {
      NodeFacts facts =
          new NodeFacts(List.of(net1.facts(1)), Map.of(), Map.of("net1", List.of(found)));
      return texts(Comparison.differences(expected(List.of(), List.of(asked)), facts));
    }

    private static Route route(String destination, String gateway) {
      return Route.of(prefix(destination), Optional.of(InetAddress.ofLiteral(gateway)));
    }

    private static IpPrefix prefix(String text) {
      return IpPrefix.parse(text).orElseThrow();
    }

    private static Route route(
        String destination, OptionalInt priority, OptionalInt table, OptionalInt mtuBytes) {
      return new Route(
          prefix(destination),
          Optional.empty(),
          mtuBytes,
          OptionalInt.empty(),
          priority,
          table,
          OptionalInt.empty());
    }

    @Test
    void anAddressThatIsGone() {
      NodeFacts facts = new FactsBuilder().link(net1).facts();
      assertThat(
              texts(
                  Comparison.differences(
                      expected(List.of(prefix("10.1.0.2/24"), prefix("10.1.0.3/24")), List.of()),
                      facts)))
          .containsExactly(
              "net1 in the pod: address should be 10.1.0.3/24, found 10.1.0.2/24," + " fe80::1/64");
    }

    @Test
    void anAddressThatAnotherHostHas() {
      LinkFacts link = inPod("net1").address("fd00::5/64").facts(1);
      LinkFacts refused =
          new LinkFacts(
              link.ref(),
              link.index(),
              link.altNames(),
              link.kind(),
              link.type(),
              link.mac(),
              link.mtuBytes(),
              link.up(),
              link.carrier(),
              link.member(),
              link.pci(),
              link.bond(),
              link.addresses(),
              link.tuning(),
              Set.of(prefix("fd00::5/64")),
              link.lacpPartner());
      Expectation expected = expected(List.of(prefix("fd00::5/64")), List.of());
      assertThat(Comparison.differences(expected, new NodeFacts(List.of(link), Map.of(), Map.of())))
          .isEmpty();
      assertThat(
              texts(
                  Comparison.differences(
                      expected, new NodeFacts(List.of(refused), Map.of(), Map.of()))))
          .singleElement()
          .asString()
          .contains("fd00::5/64", "another host has it");
    }

    /// As `sbr` and `vrf` do; `route-override` shows in the result what it removed.
    @Test
    void whatPluginsLaterInTheChainDoToRoutesIsNone() {
      Route asked = route("0.0.0.0/0", "10.1.0.1");
      Route moved =
          new Route(
              asked.destination(),
              asked.gateway(),
              OptionalInt.empty(),
              OptionalInt.empty(),
              OptionalInt.empty(),
              OptionalInt.of(100),
              OptionalInt.empty());
      Expectation made = expected(List.of(), List.of(asked));
      Expectation lasting =
          new Expectation(
              made.bond(),
              made.vfs(),
              made.addressed(),
              made.addresses(),
              made.routes(),
              Expectation.Tables.ANY,
              Optional.empty());
      NodeFacts inTable =
          new NodeFacts(List.of(net1.facts(1)), Map.of(), Map.of("net1", List.of(moved)));
      NodeFacts gone = new NodeFacts(List.of(net1.facts(1)), Map.of(), Map.of());
      assertThat(Comparison.differences(made, inTable)).hasSize(1);
      assertThat(Comparison.differences(lasting, inTable)).isEmpty();
      assertThat(Comparison.differences(lasting, gone)).hasSize(1);
      assertThat(Comparison.differences(lasting.withRoutesTo(Set.of(asked.destination())), gone))
          .hasSize(1);
      assertThat(Comparison.differences(lasting.withRoutesTo(Set.of()), gone)).isEmpty();
    }

    @Test
    void aRouteThatIsGoneOrGoesElsewhere() {
      assertThat(differences(route("10.9.0.0/16", "10.1.0.1")))
          .containsExactly("net1 in the pod: route should be 10.9.0.0/16 via 10.1.0.1, found none");
      assertThat(differences(route("10.9.0.0/16", "10.1.0.1"), route("10.9.0.0/16", "10.1.0.7")))
          .hasSize(1);
      assertThat(differences(route("10.9.0.0/16", "10.1.0.1"), route("10.9.0.0/17", "10.1.0.1")))
          .hasSize(1);
      assertThat(differences(route("10.9.0.0/17", "10.1.0.1"), route("10.9.128.0/17", "10.1.0.1")))
          .hasSize(1);
      assertThat(differences(route("10.9.0.0/16", "10.1.0.1"), route("10.9.0.0/16", "10.1.0.1")))
          .isEmpty();
    }

    @Test
    void hostBitsOfADestinationDoNotCountAsTheKernelDropsThem() {
      assertThat(differences(route("10.9.3.7/20", "10.1.0.1"), route("10.9.0.0/20", "10.1.0.1")))
          .isEmpty();
      assertThat(differences(route("10.9.3.7/22", "10.1.0.1"), route("10.9.0.0/22", "10.1.0.1")))
          .isEmpty();
      assertThat(differences(route("10.9.4.7/22", "10.1.0.1"), route("10.9.0.0/22", "10.1.0.1")))
          .hasSize(1);
    }

    @Test
    void priorityCountsIfAskedForAndNoTableIsTheMainOne() {
      OptionalInt none = OptionalInt.empty();
      OptionalInt fifty = OptionalInt.of(50);
      Route plain = route("10.9.0.0/16", none, none, none);
      Route preferred = route("10.9.0.0/16", fifty, none, none);
      assertThat(differences(plain, preferred)).isEmpty();
      assertThat(differences(preferred, plain)).hasSize(1);
      assertThat(differences(preferred, preferred)).isEmpty();
      assertThat(differences(plain, route("10.9.0.0/16", none, OptionalInt.of(254), none)))
          .isEmpty();
      assertThat(differences(plain, route("10.9.0.0/16", none, OptionalInt.of(100), none)))
          .hasSize(1);
      assertThat(differences(plain, route("10.9.0.0/16", none, none, OptionalInt.of(9000))))
          .isEmpty();
    }
  }
}
