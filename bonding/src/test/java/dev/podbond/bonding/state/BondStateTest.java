package dev.podbond.bonding.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.fixture.Configurations;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.value.MacAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What counts as a problem in `podbond status`.
final class BondStateTest {
  private static final InetAddress ADDRESS = InetAddress.ofLiteral("fd00::7");

  private static BondState bond(InetAddress... duplicates) {
    return new BondState(
        "bond0",
        BondMode.ACTIVE_BACKUP,
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
    assertThat(bond().problems(2)).isEmpty();
    assertThat(bond(ADDRESS).problems(2))
        .containsExactly(new BondProblem.DuplicateAddress(ADDRESS));
    assertThat(bond(ADDRESS).toJson(2).get("healthy")).contains(JsonBoolean.FALSE);
    assertThat(bond(ADDRESS).toJson(2).get("problems"))
        .contains(JsonArray.ofStrings(List.of("another host has its address fd00::7")));
  }

  @Test
  void thatAnotherHostHasAnAddressIsLoggedWhenItIsFoundAndWhenItIsOver() {
    assertThat(bond(ADDRESS).since(bond())).containsExactly("another host has fd00::7");
    assertThat(bond(ADDRESS).since(bond(ADDRESS))).isEmpty();
    assertThat(bond().since(bond(ADDRESS))).containsExactly("no other host has fd00::7 any more");
  }

  private static LinkFacts member(String name, boolean carrier, boolean miiUp, boolean active) {
    LinkFixture link = LinkFixture.inPod(name).memberOf("bond0", miiUp, active);
    return (carrier ? link : link.noCarrier()).facts(7);
  }

  private static List<String> problems(BondMode mode, int expected, LinkFacts... members) {
    LinkFacts bond = LinkFixture.inPod("bond0").bond(mode).facts(5);
    return BondState.of(bond, List.of(members), List.of()).orElseThrow().problems(expected).stream()
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
        .containsExactly("1 of 2 members are in the bond");
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
            Optional.empty(),
            false,
            List.of(
                new MemberState("net1", false, true, false, 3),
                new MemberState("net2", true, true, true, 0)),
            MacAddress.parse("02:00:00:00:00:fe"),
            List.of());
    assertThat(state.toJson(3))
        .isEqualTo(
            Configurations.json(
                """
                {'bond':'bond0','mode':'802.3ad','healthy':false,
                 'problems':['no member passes traffic','member net1 has no link',
                             '2 of 3 members are in the bond'],
                 'active':'','carrier':false,
                 'members':[{'name':'net1','mii':'down','failures':3},
                            {'name':'net2','mii':'up','failures':0}],
                 'lacpPartner':'02:00:00:00:00:fe'}
                """));
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
        "bond0", BondMode.LACP, Optional.empty(), true, members, partner, List.of());
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
  void whatHappensToMembersIsToldInWords() {
    BondState now =
        new BondState(
            "bond0",
            BondMode.ACTIVE_BACKUP,
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
}
