package dev.podbond.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.Optional;
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
    "::/0, false",
    "fd00::2/128, false",
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
        "10.0.0.1/+8",
        "10.0.0.1/08",
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

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3/24, 10.1.2.0/24, 10.1.2.255",
    "10.1.2.3/9, 10.0.0.0/9, 10.127.255.255",
    "10.1.2.3/30, 10.1.2.0/30, 10.1.2.3",
    "10.1.2.3/31, 10.1.2.2/31,",
    "10.1.2.3/32, 10.1.2.3/32,",
    "10.1.2.3/0, 0.0.0.0/0, 255.255.255.255",
    "fd00::1:2/64, fd00::/64,",
    "fd00::ffff/121, fd00::ff80/121,"
  })
  void networkAndBroadcastOfAPrefix(String text, String network, String broadcast) {
    assertThat(prefix(text).network()).isEqualTo(prefix(network));
    assertThat(prefix(text).broadcast())
        .isEqualTo(Optional.ofNullable(broadcast).map(InetAddress::ofLiteral));
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3/24, 10.1.2.255, true",
    "10.1.2.3/24, 10.1.3.0, false",
    "10.1.2.3/0, 192.0.2.1, true",
    "10.1.2.3/0, ::1, false",
    "fd00::1/121, fd00::7f, true",
    "fd00::1/121, fd00::80, false"
  })
  void aNetworkContainsTheAddressesOfItsFamilyWithItsBits(
      String network, String address, boolean contained) {
    assertThat(prefix(network).contains(InetAddress.ofLiteral(address))).isEqualTo(contained);
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text).orElseThrow();
  }
}
