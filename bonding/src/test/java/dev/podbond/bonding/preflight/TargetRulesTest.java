package dev.podbond.bonding.preflight;

import static dev.podbond.bonding.fixture.Configurations.BOND0;
import static dev.podbond.bonding.fixture.Configurations.bond;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.net.Route;
import dev.podbond.value.IpPrefix;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetRulesTest {
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
    assertThat(with(MONITORED, List.of("10.9.0.9/24", "fd09::9/64"), List.of("0.0.0.0/0", "::/0")))
        .isEmpty();
    assertThat(with("'miimon':0,'arpInterval':100,'nsIp6Target':['fe80::1']", List.of(), List.of()))
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
    assertThat(with(MONITORED, List.of(), List.of("10.8.0.0/16", "fd08::/32"))).hasSize(2);
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
