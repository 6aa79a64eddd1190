package dev.podbond.bonding.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, true",
    "10.56.217.3/24, true",
    "10.56.217.3/32, true",
    "0:0:0:0:0:0:0:0/0, false",
    "fd00:0:0:0:0:0:0:2/128, false",
  })
  void hostBitsAndLengthAreKept(String text, boolean ipv4) {
    IpPrefix prefix = IpPrefix.parse(text).orElseThrow();
    assertThat(prefix).hasToString(text);
    assertThat(prefix.isIpv4()).isEqualTo(ipv4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.1",
        "/24",
        "10.0.0.1/",
        "10.0.0.1/33",
        "10.0.0.1/-1",
        "10.0.0.1/0024",
        "fd00::1/129",
        "localhost/8",
        "10.0.0.1/24/24"
      })
  void otherTextsAreNoPrefix(String text) {
    assertThat(IpPrefix.parse(text)).isEmpty();
  }

  @Test
  void aLengthMustFitItsFamily() {
    InetAddress ip = InetAddress.ofLiteral("10.0.0.1");
    assertThatIllegalArgumentException().isThrownBy(() -> new IpPrefix(ip, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> new IpPrefix(ip, 33));
  }

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
