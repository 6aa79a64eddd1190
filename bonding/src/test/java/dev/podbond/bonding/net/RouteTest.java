package dev.podbond.bonding.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.value.IpPrefix;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RouteTest {
  @Test
  void aRouteIsWrittenWithWhatTellsItFromOthers() {
    IpPrefix destination = IpPrefix.parse("10.1.0.0/16").orElseThrow();
    Optional<InetAddress> gateway = Optional.of(InetAddress.ofLiteral("10.0.0.1"));
    assertThat(Route.of(destination, Optional.empty())).hasToString("10.1.0.0/16");
    assertThat(
            new Route(
                destination,
                gateway,
                OptionalInt.of(9000),
                OptionalInt.empty(),
                OptionalInt.of(50),
                OptionalInt.of(100),
                OptionalInt.empty()))
        .hasToString("10.1.0.0/16 via 10.0.0.1 priority 50 table 100");
  }
}
