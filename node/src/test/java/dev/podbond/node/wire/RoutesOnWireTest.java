package dev.podbond.node.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.net.Route;
import dev.podbond.netlink.ip.Scope;
import dev.podbond.value.IpPrefix;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesOnWireTest {
  @Test
  void everythingThatARouteAsksForIsEncodedAndReadBack() {
    Route route =
        new Route(
            prefix("10.9.0.0/16"),
            Optional.of(InetAddress.ofLiteral("10.1.0.1")),
            OptionalInt.of(1400),
            OptionalInt.of(1300),
            OptionalInt.of(77),
            OptionalInt.of(100),
            OptionalInt.of(200));
    dev.podbond.netlink.ip.Route encoded = RoutesOnWire.encode(route, 5);
    assertThat(encoded.nextHops().getFirst().linkIndex()).hasValue(5);
    assertThat(encoded.scope()).isEqualTo(new Scope(200));
    assertThat(encoded.table()).isEqualTo(100);
    assertThat(RoutesOnWire.decode(encoded, encoded.nextHops().getFirst())).isEqualTo(route);
  }

  @ParameterizedTest
  @CsvSource({"10.9.0.0/16, 10.1.0.1", "10.9.0.0/16,", "fd00:9::/48, fd00::1", "fd00:9::/48,"})
  void aPlainRouteReadsBackAsPlain(String destination, String gateway) {
    Route route =
        Route.of(prefix(destination), Optional.ofNullable(gateway).map(InetAddress::ofLiteral));
    dev.podbond.netlink.ip.Route encoded = RoutesOnWire.encode(route, 5);
    assertThat(RoutesOnWire.decode(encoded, encoded.nextHops().getFirst())).isEqualTo(route);
  }

  @Test
  void theMetricThatIpv6GivesByItselfIsNotRead() {
    Route route = Route.of(prefix("fd00:9::/48"), Optional.empty());
    dev.podbond.netlink.ip.Route told = RoutesOnWire.encode(route, 5).withPriority(1024);
    assertThat(RoutesOnWire.decode(told, told.nextHops().getFirst())).isEqualTo(route);
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text).orElseThrow();
  }
}
