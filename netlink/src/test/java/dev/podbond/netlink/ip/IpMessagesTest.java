package dev.podbond.netlink.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.Property;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpMessagesTest {
  private static NetlinkMessage message(PayloadWriter writer) {
    return new NetlinkMessage(20, 0, 1, 2, writer.toPayload());
  }

  private static InetAddress random(Family family, Random random) throws Exception {
    byte[] bytes = new byte[family == Family.IPV4 ? 4 : 16];
    random.nextBytes(bytes);
    return family == Family.IPV4
        ? InetAddress.getByAddress(bytes)
        : Inet6Address.getByAddress(null, bytes, -1);
  }

  private static Family family(Random random) {
    return random.nextBoolean() ? Family.IPV4 : Family.IPV6;
  }

  private static OptionalLong maybe(Random random) {
    return random.nextBoolean() ? OptionalLong.of(random.nextLong(1L << 32)) : OptionalLong.empty();
  }

  @Test
  void anAddressIsReadAsItWasWritten() {
    Property.holds(random -> {
      Family family = family(random);
      IpAddress address =
          new IpAddress(
              random.nextInt(1, 1000),
              random(family, random),
              random.nextInt(family.maxPrefixLength() + 1),
              random.nextBoolean() ? Optional.of(random(family, random)) : Optional.empty(),
              random.nextBoolean() ? Optional.of(random(family, random)) : Optional.empty(),
              new Scope(random.nextInt(256)),
              new AddressFlags(random.nextInt()));
      assertThat(IpAddress.parse(message(address.writer()))).isEqualTo(address);
    });
  }

  @Test
  void aNeighbourIsReadAsItWasWritten() {
    Property.holds(random -> {
      byte[] mac = new byte[6];
      random.nextBytes(mac);
      Neighbour neighbour =
          new Neighbour(
              random.nextInt(1, 1000),
              random(family(random), random),
              random.nextBoolean() ? Optional.of(HardwareAddress.of(mac)) : Optional.empty(),
              new Neighbour.State(random.nextInt(0x10000)),
              random.nextInt(256));
      assertThat(Neighbour.parse(message(neighbour.writer()))).isEqualTo(neighbour);
    });
  }

  @Test
  void aRouteIsReadAsItWasWritten() {
    Property.holds(random -> {
      Family family = family(random);
      int length = random.nextInt(family.maxPrefixLength() + 1);
      int hops = random.nextInt(4);
      Route route =
          new Route(
              length == 0 ? Prefix.all(family) : new Prefix(random(family, random), length),
              IntStream.range(0, hops).mapToObj(i -> nextHop(family, random, hops)).toList(),
              random.nextLong(1, 1L << (random.nextBoolean() ? 8 : 32)),
              new Scope(random.nextInt(256)),
              random.nextInt(256),
              random.nextInt(256),
              maybe(random),
              random.nextBoolean() ? Optional.of(random(family, random)) : Optional.empty(),
              maybe(random),
              maybe(random));
      assertThat(Route.parse(message(RouteCodec.write(route)))).isEqualTo(route);
    });
  }

  private static NextHop nextHop(Family family, Random random, int hops) {
    try {
      Family gatewayFamily = random.nextInt(4) == 0 ? family(random) : family;
      return new NextHop(
          OptionalInt.of(random.nextInt(1, 1000)),
          random.nextBoolean() ? Optional.of(random(gatewayFamily, random)) : Optional.empty(),
          hops == 1 ? 1 : random.nextInt(1, 257),
          random.nextBoolean());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theScopeOfAnAddressIsTheOneItHasByNature() throws Exception {
    assertThat(IpAddress.of(1, InetAddress.getByName("127.0.0.1"), 8).scope())
        .isEqualTo(Scope.HOST);
    assertThat(IpAddress.of(1, InetAddress.getByName("fe80::1"), 64).scope()).isEqualTo(Scope.LINK);
    assertThat(IpAddress.of(1, InetAddress.getByName("10.0.0.1"), 8).scope())
        .isEqualTo(Scope.GLOBAL);
  }

  @Test
  void prefixesLongerThanTheAddressAreRefused() throws Exception {
    InetAddress v4 = InetAddress.getByName("10.0.0.1");
    assertThatThrownBy(() -> IpAddress.of(1, v4, 33)).hasMessageContaining("33 is not in 0..32");
    assertThatThrownBy(() -> new Prefix(v4, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Prefix.host(v4)).hasToString("10.0.0.1/32");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "::",
        "::1",
        "fd00::",
        "fd00::1",
        "2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1",
        "1:2:3:4:5:6:7:8",
        "1::8",
      })
  void textIsAsShortAsItMayBe(String text) {
    assertThat(IpText.of(InetAddress.ofLiteral(text))).isEqualTo(text);
  }

  @Test
  void flagsAreTold() {
    AddressFlags flags = AddressFlags.NONE.withNoDad().withNoPrefixRoute();
    assertThat(flags.isNoDad() && flags.isNoPrefixRoute()).isTrue();
    assertThat(new AddressFlags(0x40).isTentative()).isTrue();
    assertThat(new AddressFlags(0x08).isDadFailed()).isTrue();
    assertThat(new AddressFlags(0x80).isPermanent()).isTrue();
  }

  @Test
  void aBroadcastAddressIsOfIpv4() throws Exception {
    IpAddress address =
        IpAddress.of(1, InetAddress.getByName("10.0.0.1"), 24)
            .withBroadcast((Inet4Address) InetAddress.getByName("10.0.0.255"));
    assertThat(address.broadcast()).map(InetAddress::getHostAddress).contains("10.0.0.255");
  }
}
