package dev.podbond.bonding.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.fixture.Configurations;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.bonding.redundancy.PfPlace;
import dev.podbond.bonding.redundancy.Survival;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What counts as a problem in `podbond status`.
final class BondStateTest {
  private static final InetAddress ADDRESS = InetAddress.ofLiteral("fd00::7");

  /// Members net1, net2 and so on, without hardware.
  private static List<ConfiguredMember> configured(int members) {
    return IntStream.rangeClosed(1, members).mapToObj(i -> virtual("net" + i)).toList();
  }

  private static ConfiguredMember virtual(String name) {
    return new ConfiguredMember(name, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static ConfiguredMember vf(String name, String pci) {
    return new ConfiguredMember(name, PciAddress.parse(pci), Optional.empty(), Optional.empty())
        .on(
            Optional.of(new ConfiguredMember.Pf("ens1f0", PciAddress.parse("0000:01:00.0"))),
            Optional.of("igbvf"));
  }

  private static MemberState nic(String name, String pci) {
    return new MemberState(name, true, true, true, 0, PciAddress.parse(pci));
  }

  private static BondState with(MemberState... members) {
    return new BondState(
        "bond0",
        BondMode.ACTIVE_BACKUP,
        LinkMonitoring.MIIMON,
        Optional.empty(),
        true,
        List.of(members),
        Optional.empty(),
        List.of());
  }

  private static BondState bond(InetAddress... duplicates) {
    return new BondState(
        "bond0",
        BondMode.ACTIVE_BACKUP,
        LinkMonitoring.MIIMON,
        Optional.of("net1"),
        true,
        List.of(
            new MemberState("net1", true, true, true, 0),
            new MemberState("net2", true, true, false, 0)),
        Optional.empty(),
        List.of(duplicates));
  }

  @Test
  void anAddressThatAnotherHostHasIsAProblemOfABondWhoseLinksAreAllWell() {
    assertThat(bond().problems(configured(2))).isEmpty();
    assertThat(bond(ADDRESS).problems(configured(2)))
        .containsExactly(new BondProblem.DuplicateAddress(ADDRESS));
    assertThat(bond(ADDRESS).toJson(configured(2)).get("healthy")).contains(JsonBoolean.FALSE);
    assertThat(bond(ADDRESS).toJson(configured(2)).get("problems"))
        .contains(JsonArray.ofStrings(List.of("another host has its address fd00::7")));
  }

  @Test
  void thatAnotherHostHasAnAddressIsLoggedWhenItIsFoundAndWhenItIsOver() {
    assertThat(bond(ADDRESS).since(bond())).containsExactly("another host has fd00::7");
    assertThat(bond(ADDRESS).since(bond(ADDRESS))).isEmpty();
    assertThat(bond().since(bond(ADDRESS))).containsExactly("no other host has fd00::7 any more");
  }

  private static BondProblem.HeldBack held(BondProblem.HeldBack.Where where) {
    return new BondProblem.HeldBack(
        "net1",
        new ConfiguredMember.Pf("ens1f0", PciAddress.parse("0000:01:00.0")),
        "lacp: no partner",
        where);
  }

  /// The agent keeps net1 from carrying traffic, inside the bond or outside it.
  @Test
  void aMemberThatIsHeldBackIsToldAndWhoIsOutsideOnPurposeNeedNotBeBroughtBack() {
    BondProblem.HeldBack in = held(BondProblem.HeldBack.Where.INSIDE);
    BondProblem.HeldBack out = held(BondProblem.HeldBack.Where.OUTSIDE);
    List<ConfiguredMember> vfs = List.of(vf("net1", "0000:01:10.0"), vf("net2", "0000:02:10.0"));
    String told =
        "member net1 is held back: the uplink of PF ens1f0 (0000:01:00.0) is bad, lacp: no partner";
    BondState before = with(nic("net1", "0000:01:10.0"), nic("net2", "0000:02:10.0"));
    BondState left = with(nic("net2", "0000:02:10.0"));
    BondState inside = before.holding(List.of(in));
    BondState outside = left.holding(List.of(out));
    for (BondState bond : List.of(inside, outside)) {
      assertThat(bond.problems(vfs)).extracting(BondProblem::toString).containsExactly(told);
      assertThat(bond.lacking(vfs)).isEmpty();
      assertThat(bond.health(vfs)).isEqualTo(BondHealth.DEGRADED);
      assertThat(bond.toJson(vfs).get("problems")).contains(JsonArray.ofStrings(List.of(told)));
      assertThat(bond.toJson(vfs).toString())
          .contains("\"mii\":\"held\"", "\"heldBack\":\"lacp: no partner\"");
    }
    assertThat(inside.since(before)).containsExactly(told);
    assertThat(inside.since(inside)).isEmpty();
    assertThat(before.since(inside)).containsExactly("member net1 is held back no more");
    assertThat(outside.since(before)).containsExactly("member net1 left", told);
    assertThat(left.lacking(vfs)).containsExactly(vfs.getFirst());
    assertThat(left.holding(List.of(in)).lacking(vfs))
        .as("it has lost its place meanwhile")
        .containsExactly(vfs.getFirst());
    assertThat(left.holding(List.of(in)).toJson(vfs).toString()).contains("\"mii\":\"missing\"");
  }

  private static LinkFacts member(String name, boolean carrier, boolean miiUp, boolean active) {
    LinkFixture link = LinkFixture.inPod(name).memberOf("bond0", miiUp, active);
    return (carrier ? link : link.noCarrier()).facts(7);
  }

  private static List<String> problems(BondMode mode, int expected, LinkFacts... members) {
    LinkFacts bond = LinkFixture.inPod("bond0").bond(mode).facts(5);
    return BondState.of(bond, List.of(members), List.of())
        .orElseThrow()
        .problems(configured(expected))
        .stream()
        .map(BondProblem::toString)
        .toList();
  }

  @Test
  void aMemberIsDownWithoutALinkOrHeldDownByMonitoring() {
    assertThat(
            problems(
                BondMode.ACTIVE_BACKUP,
                2,
                member("net1", false, true, true),
                member("net2", true, false, false)))
        .containsExactly("member net1 has no link", "member net2 is held down");
  }

  @Test
  void aMemberThatLeftIsMissed() {
    LinkFacts elsewhere = LinkFixture.inPod("net2").memberOf("bond1").facts(8);
    assertThat(problems(BondMode.ACTIVE_BACKUP, 2, member("net1", true, true, true), elsewhere))
        .containsExactly("1 of 2 members are in the bond, without net2");
  }

  @Test
  void lacpNeedsAPartnerAndAllMembersInItsAggregator() {
    assertThat(
            problems(
                BondMode.LACP,
                2,
                member("net1", true, true, true),
                member("net2", true, true, false)))
        .containsExactly("member net2 is outside the active aggregator", "no LACP partner answers");
  }

  @Test
  void theActiveMemberIsOneThatIsInTheBond() {
    LinkFacts bond =
        LinkFixture.inPod("bond0")
            .bond(
                new BondOptions(
                    Map.of(
                        BondOption.MODE,
                        new OptionValue.Number(1),
                        BondOption.ACTIVE_SLAVE,
                        new OptionValue.MemberName("net1"))))
            .facts(5);
    LinkFacts net1 = member("net1", true, true, true);
    LinkFacts net2 = member("net2", true, true, false);
    assertThat(BondState.of(bond, List.of(net2, net1), List.of()).flatMap(BondState::active))
        .contains("net1");
    assertThat(BondState.of(bond, List.of(net2), List.of()).flatMap(BondState::active)).isEmpty();
  }

  @Test
  void isPrintedWithAllThatIsKnown() {
    BondState state =
        new BondState(
            "bond0",
            BondMode.LACP,
            LinkMonitoring.MIIMON,
            Optional.empty(),
            false,
            List.of(
                new MemberState("net1", false, true, false, 3),
                new MemberState("net2", true, true, true, 0)),
            MacAddress.parse("02:00:00:00:00:fe"),
            List.of());
    assertThat(state.toJson(List.of(virtual("net1"), virtual("net2"), vf("net3", "0000:01:10.0"))))
        .isEqualTo(
            Configurations.json(
                """
                {'bond':'bond0','mode':'802.3ad','monitoring':'miimon',
                 'healthy':false,'health':'Down',
                 'problems':['no member passes traffic','member net1 has no link',
                             '2 of 3 members are in the bond, without net3'],
                 'active':'','carrier':false,'configured':3,
                 'members':[{'name':'net1','mii':'down','failures':3},
                            {'name':'net2','mii':'up','failures':0},
                            {'name':'net3','mii':'missing','pci':'0000:01:10.0','pf':'ens1f0',
                             'pfPci':'0000:01:00.0','driver':'igbvf'}],
                 'lacpPartner':'02:00:00:00:00:fe'}
                """));
  }

  /// A process in the pod may put any link into the bond. It does not take the place of one that
  /// left.
  @Test
  void membersAreCountedAgainstTheRecord() {
    List<ConfiguredMember> vfs = List.of(vf("net1", "0000:01:10.0"), vf("net2", "0000:02:10.0"));
    BondState foreign =
        with(nic("net1", "0000:01:10.0"), new MemberState("net2", true, true, false, 0));
    BondState exchanged = with(nic("net1", "0000:01:10.0"), nic("net2", "0000:03:10.0"));
    BondState virtual =
        with(nic("net1", "0000:01:10.0"), new MemberState("dummy0", true, true, false, 0));

    assertThat(foreign.missing(vfs)).as("of which the kernel tells no function").isEmpty();
    assertThat(exchanged.missing(vfs)).containsExactly(vfs.getLast());
    assertThat(virtual.missing(vfs)).containsExactly(vfs.getLast());
    assertThat(virtual.problems(vfs))
        .containsExactly(new BondProblem.MembersMissing(List.of("net2"), 2));
    assertThat(virtual.health(vfs)).isEqualTo(BondHealth.DEGRADED);
    assertThat(virtual.present(vfs))
        .containsExactly(Map.entry(vfs.getFirst(), virtual.members().getFirst()));
  }

  /// Some cards have one function for both of their ports.
  @Test
  void ofTwoPortsOfOneFunctionTheOneThatLeftIsMissing() {
    List<ConfiguredMember> ports = List.of(vf("net1", "0000:01:10.0"), vf("net2", "0000:01:10.0"));
    BondState second = with(nic("net2", "0000:01:10.0"));
    BondState turned = with(nic("net2", "0000:01:10.0"), nic("net1", "0000:01:10.0"));

    assertThat(second.missing(ports)).containsExactly(ports.getFirst());
    assertThat(turned.present(ports))
        .containsExactly(
            Map.entry(ports.getFirst(), turned.members().getLast()),
            Map.entry(ports.getLast(), turned.members().getFirst()));
  }

  @Test
  void aMemberThatAPodRenamedIsStillIt() {
    List<ConfiguredMember> vfs = List.of(vf("net1", "0000:01:10.0"), vf("net2", "0000:02:10.0"));
    BondState renamed = with(nic("x", "0000:02:10.0"), nic("net2", "0000:01:10.0"));
    assertThat(renamed.present(vfs))
        .containsExactly(
            Map.entry(vfs.getFirst(), renamed.members().getLast()),
            Map.entry(vfs.getLast(), renamed.members().getFirst()));
    assertThat(renamed.health(vfs)).isEqualTo(BondHealth.HEALTHY);

    BondState virtual =
        with(
            new MemberState("y", true, true, false, 0),
            new MemberState("net1", true, true, true, 0));
    assertThat(virtual.missing(configured(2))).isEmpty();
    assertThat(virtual.missing(configured(3))).containsExactly(virtual("net3"));
  }

  @Test
  void howABondFindsDeadLinksIsOneOfItsOptions() {
    assertThat(LinkMonitoring.of(new BondOptions(Map.of()))).isEqualTo(LinkMonitoring.NONE);
    assertThat(monitoring(BondOption.MIIMON, 0)).isEqualTo(LinkMonitoring.NONE);
    assertThat(monitoring(BondOption.MIIMON, 100)).isEqualTo(LinkMonitoring.MIIMON);
    assertThat(monitoring(BondOption.ARP_INTERVAL, 100)).hasToString("arp");
  }

  private static LinkMonitoring monitoring(BondOption option, long millis) {
    return LinkMonitoring.of(new BondOptions(Map.of(option, new OptionValue.Number(millis))));
  }

  @Test
  void aLinkThatIsNoBondHasNoState() {
    assertThat(BondState.of(LinkFixture.inPod("bond0").facts(5), List.of(), List.of())).isEmpty();
  }

  private static BondState lacp(Optional<MacAddress> partner, boolean... carriers) {
    List<MemberState> members = new ArrayList<>();
    for (boolean carrier : carriers) {
      members.add(new MemberState("net" + (members.size() + 1), carrier, true, true, 0));
    }
    return new BondState(
        "bond0",
        BondMode.LACP,
        LinkMonitoring.NONE,
        Optional.empty(),
        true,
        members,
        partner,
        List.of());
  }

  @Test
  void whatIsAsBeforeIsNotTold() {
    Optional<MacAddress> partner = MacAddress.parse("02:00:00:00:00:fe");
    BondState before = lacp(partner, true, false);
    assertThat(lacp(partner, true, false).since(before)).isEmpty();
    assertThat(lacp(partner, false, false).since(before)).containsExactly("member net1 down");
    assertThat(lacp(partner, true, true).since(before)).containsExactly("member net2 up");
    assertThat(lacp(Optional.empty(), true, false).since(before))
        .containsExactly("LACP partner none");
    assertThat(before.since(lacp(Optional.empty(), true, false)))
        .containsExactly("LACP partner 02:00:00:00:00:fe");
  }

  @Test
  void whatMakesABondWorseIsAChangeThoughNoLinkFails() {
    Optional<MacAddress> partner = MacAddress.parse("02:00:00:00:00:fe");
    BondState before = lacp(partner, true, true);
    BondState outside =
        new BondState(
            "bond0",
            BondMode.LACP,
            LinkMonitoring.NONE,
            Optional.empty(),
            false,
            List.of(
                new MemberState("net1", true, true, true, 0),
                new MemberState("net2", true, true, false, 0)),
            partner,
            List.of());
    assertThat(outside.since(before))
        .containsExactly("member net2 left the active aggregator", "it passes no traffic");
    assertThat(before.since(outside))
        .containsExactly("member net2 joined the active aggregator", "it passes traffic");
  }

  @Test
  void whatHappensToMembersIsToldInWords() {
    BondState now =
        new BondState(
            "bond0",
            BondMode.ACTIVE_BACKUP,
            LinkMonitoring.MIIMON,
            Optional.of("net2"),
            true,
            List.of(
                new MemberState("net2", true, true, true, 0),
                new MemberState("net3", false, true, false, 1)),
            Optional.empty(),
            List.of());
    assertThat(now.since(bond()))
        .containsExactly("active member net1 -> net2", "member net3 down", "member net1 left");
  }

  @Test
  void whatItSurvivesIsSaidByItsMembersPlacesAndNotByTheirLinks() {
    List<ConfiguredMember> members =
        List.of(
            vf("net1", "0000:3b:02.0").at(PciAddress.parse("0000:3b:00.0").map(PfPlace::at)),
            vf("net2", "0000:3b:02.1").at(PciAddress.parse("0000:3b:00.1").map(PfPlace::at)));
    BondState bond = with(nic("net1", "0000:3b:02.0"));
    assertThat(bond.survival(members)).hasToString("cable,port");
    assertThat(bond.toJson(members).get("survives"))
        .isEqualTo(Survival.of(members.stream().map(ConfiguredMember::place).toList()).toJson());
    assertThat(bond().toJson(configured(2)).get("survives")).as("nothing is known").isEmpty();
  }

  @Test
  void whatGoesOnSendingIntoADeadLinkSurvivesNothingUnlessItSendsThroughAll() {
    List<ConfiguredMember> members =
        List.of(
            vf("net1", "0000:3b:02.0").at(PciAddress.parse("0000:3b:00.0").map(PfPlace::at)),
            vf("net2", "0000:5e:02.0").at(PciAddress.parse("0000:5e:00.0").map(PfPlace::at)));
    assertThat(unmonitored(BondMode.BALANCE_XOR).survival(members)).hasToString("nothing");
    assertThat(unmonitored(BondMode.BROADCAST).survival(members)).hasToString("cable,port,card?");
  }

  private static BondState unmonitored(BondMode mode) {
    return new BondState(
        "bond0",
        mode,
        LinkMonitoring.NONE,
        Optional.empty(),
        true,
        List.of(),
        Optional.empty(),
        List.of());
  }
}
