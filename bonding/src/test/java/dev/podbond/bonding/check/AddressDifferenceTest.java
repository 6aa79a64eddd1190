package dev.podbond.bonding.check;

import static dev.podbond.bonding.check.BondScene.texts;
import static dev.podbond.bonding.fixture.LinkFixture.inPod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.fixture.FactsBuilder;
import dev.podbond.bonding.fixture.LinkFixture;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Route;
import dev.podbond.value.IpPrefix;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Each difference of addresses and routes as `CHECK` prints it, and what does not count as one.
class AddressDifferenceTest {
  private final LinkFixture net1 = inPod("net1").address("10.1.0.2/24").address("fe80::1/64");

  private static Expectation expected(List<IpPrefix> addresses, List<Route> routes) {
    return new Expectation(Optional.empty(), List.of(), LinkRef.pod("net1"), addresses, routes);
  }

  private List<String> differences(Route asked, Route... found) {
    return differences(List.of(asked), found);
  }

  private List<String> differences(List<Route> asked, Route... found) {
    NodeFacts facts =
        new NodeFacts(List.of(net1.facts(1)), Map.of(), Map.of("net1", List.of(found)));
    return texts(Comparison.differences(expected(List.of(), asked), facts));
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
    LinkFacts refused = inPod("net1").address("fd00::5/64").duplicate().facts(1);
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
  void ofManyMissingRoutesTheFirstAreTold() {
    Route[] asked =
        IntStream.range(0, 30)
            .mapToObj(i -> route("10.9." + i + ".0/24", "10.1.0.1"))
            .toArray(Route[]::new);
    Route[] half = Arrays.copyOf(asked, 15);

    List<String> found = differences(List.of(asked), half);

    assertThat(found).hasSize(9);
    assertThat(found.getFirst())
        .startsWith("net1 in the pod: route should be 10.9.15.0/24 via 10.1.0.1, found ")
        .endsWith(" and 7 more");
    assertThat(found.getLast())
        .isEqualTo("net1 in the pod: number of routes should be 30, found 15");
  }

  @Test
  void eightMissingRoutesAmongEightOthersAreAllTold() {
    Route[] asked =
        IntStream.range(0, 16)
            .mapToObj(i -> route("10.9." + i + ".0/24", "10.1.0.1"))
            .toArray(Route[]::new);

    assertThat(differences(List.of(asked), Arrays.copyOf(asked, 8)))
        .hasSize(8)
        .allMatch(text -> text.startsWith("net1 in the pod: route should be"))
        .noneMatch(text -> text.contains("more"));
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
    assertThat(differences(plain, route("10.9.0.0/16", none, OptionalInt.of(254), none))).isEmpty();
    assertThat(differences(plain, route("10.9.0.0/16", none, OptionalInt.of(100), none)))
        .hasSize(1);
    assertThat(differences(plain, route("10.9.0.0/16", none, none, OptionalInt.of(9000))))
        .isEmpty();
  }
}
