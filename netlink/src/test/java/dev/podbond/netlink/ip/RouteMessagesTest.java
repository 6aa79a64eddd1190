package dev.podbond.netlink.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.Payload;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.netlink.wire.RtmType;
import dev.podbond.value.IpPrefix;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteMessagesTest {
  private static final InetAddress ROUTER = InetAddress.ofLiteral("10.9.0.2");
  private static final InetAddress ROUTER6 = InetAddress.ofLiteral("fe80::1");
  private static final IpPrefix TEN = prefix("10.0.0.0", 8);

  @BeforeEach
  void theBytesAreThoseOfALittleEndianMachine() {
    assumeTrue(ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN));
  }

  private static IpPrefix prefix(String address, int length) {
    return new IpPrefix(InetAddress.ofLiteral(address), length);
  }

  /// A next hop without a link: the kernel finds the link from the gateway.
  private static NextHop gateway(InetAddress router) {
    return new NextHop(OptionalInt.empty(), Optional.of(router), 1, false);
  }

  private static NextHop onLink(NextHop hop) {
    return new NextHop(hop.linkIndex(), hop.gateway(), hop.weight(), true);
  }

  private static String hex(Route route) {
    return HexFormat.of().formatHex(RouteCodec.write(route).toBytes());
  }

  private static Route readBack(Route route) throws MalformedMessage {
    return read(RouteCodec.write(route));
  }

  private static Route read(PayloadWriter writer) throws MalformedMessage {
    return Route.parse(new NetlinkMessage(RtmType.NEWROUTE, 0, 1, 2, writer.toPayload()));
  }

  /// `struct rtmsg` of a unicast route in the main table.
  private static PayloadWriter header(int family, int destinationLength, int flags) {
    return new PayloadWriter()
        .putU8(family)
        .putU8(destinationLength)
        .putU16(0)
        .putU8(Route.TABLE_MAIN)
        .putU8(Route.PROTOCOL_BOOT)
        .putU8(0)
        .putU8(Route.TYPE_UNICAST)
        .putS32(flags);
  }

  @Test
  void aDefaultRouteHasNoDestinationInBytes() {
    assertThat(hex(Route.of(new IpPrefix(Family.IPV4.any(), 0), gateway(ROUTER))))
        .isEqualTo(
            // struct rtmsg: AF_INET, lengths, tos, table, RTPROT_BOOT, RT_SCOPE_UNIVERSE,
            // RTN_UNICAST
            "02000000"
                + "fe030001"
                + "00000000"
                // RTA_GATEWAY (5)
                + "08000500"
                + "0a090002");
  }

  @Test
  void aRouteOfIpv6InBytes() {
    assertThat(
            hex(
                Route.of(prefix("fd00:9::", 48), onLink(NextHop.gateway(ROUTER6, 3)))
                    .withPriority(1024)
                    .withMtu(1400)
                    .withAdvertisedMss(1360)))
        .isEqualTo(
            // AF_INET6; the flags are RTNH_F_ONLINK
            "0a300000"
                + "fe030001"
                + "04000000"
                // RTA_DST (1)
                + "14000100"
                + "fd000009000000000000000000000000"
                // RTA_PRIORITY (6)
                + "08000600"
                + "00040000"
                // RTA_METRICS (8), nested: RTAX_MTU (2), RTAX_ADVMSS (8)
                + "14000880"
                + "08000200"
                + "78050000"
                + "08000800"
                + "50050000"
                // RTA_GATEWAY (5)
                + "14000500"
                + "fe800000000000000000000000000001"
                // RTA_OIF (4)
                + "08000400"
                + "03000000");
  }

  @Test
  void aFilterForTheRoutesOfALinkInBytes() {
    assertThat(
            HexFormat.of()
                .formatHex(RouteCodec.writeFilter(Family.IPV6, Route.TYPE_UNICAST, 3).toBytes()))
        .isEqualTo(
            // struct rtmsg: AF_INET6 and RTN_UNICAST alone, as ip_valid_fib_dump_req demands
            "0a000000"
                + "00000001"
                + "00000000"
                // RTA_OIF (4)
                + "08000400"
                + "03000000");
  }

  @Test
  void aMultipathRouteInBytes() {
    assertThat(
            hex(
                Route.of(
                    TEN,
                    NextHop.gateway(ROUTER, 3),
                    new NextHop(OptionalInt.of(4), Optional.empty(), 3, false),
                    onLink(NextHop.gateway(ROUTER6, 5)))))
        .isEqualTo(
            "02080000"
                + "fe030001"
                + "00000000"
                + "08000100"
                + "0a000000"
                // RTA_MULTIPATH (9): struct rtnexthop, each with its attributes
                + "3c000900"
                // length, flags, weight less one, link; RTA_GATEWAY
                + "10000000"
                + "03000000"
                + "08000500"
                + "0a090002"
                // directly on the link, with weight 3
                + "08000002"
                + "04000000"
                // RTNH_F_ONLINK; RTA_VIA (18): the family, then the address
                + "20000400"
                + "05000000"
                + "16001200"
                + "0a00"
                + "fe800000000000000000000000000001"
                + "0000");
  }

  /// IPv4 through an IPv6 router, with RTA_VIA: the family, then the address.
  @Test
  void aGatewayMayBeOfTheOtherFamily() throws MalformedMessage {
    Route one = Route.of(TEN, NextHop.gateway(ROUTER6, 3));
    assertThat(readBack(one)).isEqualTo(one);
    Route two = Route.of(TEN, NextHop.gateway(ROUTER6, 3), NextHop.gateway(ROUTER, 4));
    assertThat(readBack(two)).isEqualTo(two);
    assertThatThrownBy(() -> read(header(2, 0, 0).attributeBytes(18, new byte[1])))
        .isInstanceOf(MalformedMessage.class);
    assertThatThrownBy(() -> read(header(2, 0, 0).attributeBytes(18, new byte[2])))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage("attribute 18 is an IP address of 0 bytes");
  }

  /// The header has one byte for the table; larger numbers need an attribute.
  @Test
  void tablesBeyondAByteAreNamedByAnAttribute() throws MalformedMessage {
    Route local = Route.of(TEN, NextHop.link(3)).withTable(255).withScope(Scope.HOST);
    assertThat(hex(local))
        .isEqualTo("02080000" + "ff03fe01" + "00000000" + "080001000a000000" + "0800040003000000");
    assertThat(readBack(local)).isEqualTo(local);
    Route far = Route.of(TEN, NextHop.link(3)).withTable(256);
    assertThat(hex(far))
        .isEqualTo(
            // RT_TABLE_COMPAT
            "02080000"
                + "fc03fd01"
                + "00000000"
                + "080001000a000000"
                // RTA_TABLE (15)
                + "08000f00"
                + "00010000"
                + "0800040003000000");
    assertThat(readBack(far)).isEqualTo(far);
  }

  @Test
  void aRouteOntoALinkHasLinkScopeAndOneThroughARouterGlobalScope() {
    assertThat(Route.of(TEN, NextHop.link(3)).scope()).isEqualTo(Scope.LINK);
    assertThat(Route.of(TEN, gateway(ROUTER)).scope()).isEqualTo(Scope.GLOBAL);
    assertThat(Route.of(TEN, NextHop.link(3), gateway(ROUTER)).scope()).isEqualTo(Scope.GLOBAL);
    assertThat(Route.of(TEN).scope()).isEqualTo(Scope.GLOBAL);
  }

  @Test
  void aRouteIsShownWithAllItsNextHops() {
    Route two = Route.of(TEN, NextHop.gateway(ROUTER, 3), NextHop.link(3));
    assertThat(Route.of(TEN, gateway(ROUTER))).hasToString("10.0.0.0/8 via 10.9.0.2");
    assertThat(two).hasToString("10.0.0.0/8 via 10.9.0.2 on link 3 on link 3");
  }

  @Test
  void metricMtuMssAndScopeAreReadBack() throws MalformedMessage {
    Route plain = Route.of(TEN, NextHop.link(3));
    assertThat(readBack(plain)).isEqualTo(plain);
    assertThat(readBack(plain.withPriority(7)).priority()).hasValue(7);
    assertThat(readBack(plain.withMtu(1400)).mtu()).hasValue(1400);
    assertThat(readBack(plain.withMtu(1400)).advertisedMss()).isEmpty();
    assertThat(readBack(plain.withAdvertisedMss(1360)).advertisedMss()).hasValue(1360);
    assertThat(readBack(plain.withAdvertisedMss(1360)).mtu()).isEmpty();
    assertThat(readBack(plain.withScope(new Scope(200))).scope()).isEqualTo(new Scope(200));
  }

  @Test
  void aDefaultRouteIsOfTheFamilyOfTheMessage() throws MalformedMessage {
    for (Family family : Family.values()) {
      Route route = Route.of(new IpPrefix(family.any(), 0), NextHop.link(3));
      assertThat(readBack(route)).isEqualTo(route);
    }
    assertThat(read(header(10, 0, 0)).destination()).hasToString("::/0");
    assertThat(read(header(2, 0, 0)).destination()).hasToString("0.0.0.0/0");
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.1, 2, 32", "fd00::1, 10, 128"})
  void aRouteToOneAddressHasTheLongestPrefix(String address, int family, int length)
      throws MalformedMessage {
    byte[] bytes = InetAddress.ofLiteral(address).getAddress();
    assertThat(read(header(family, length, 0).attributeBytes(1, bytes)).destination())
        .isEqualTo(prefix(address, length));
    assertThatThrownBy(() -> read(header(family, length + 1, 0).attributeBytes(1, bytes)))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage("prefix length " + (length + 1));
  }

  @Test
  void onlyTheOnLinkFlagBelongsToTheNextHop() throws MalformedMessage {
    PayloadWriter pervasive = header(2, 0, 2).attributeS32(4, 3);
    assertThat(read(pervasive).nextHops()).isEqualTo(List.of(NextHop.link(3)));
    PayloadWriter onLink = header(2, 0, 4).attributeS32(4, 3);
    assertThat(read(onLink).nextHops()).isEqualTo(List.of(onLink(NextHop.link(3))));
  }

  /// IPv6 lists what it has learned about a path, such as its MTU, among the routes.
  @Test
  void clonedRoutesAreRecognized() throws MalformedMessage {
    assertThat(RouteCodec.isCloned(header(10, 128, 0x200).toPayload())).isTrue();
    assertThat(RouteCodec.isCloned(header(10, 128, 0x204).toPayload())).isTrue();
    assertThat(RouteCodec.isCloned(header(10, 128, 0).toPayload())).isFalse();
    assertThat(RouteCodec.isCloned(header(10, 128, 0x104).toPayload())).isFalse();
  }

  /// They use the same messages, with families of their own.
  @Test
  void multicastAndMplsRoutesAreNotIpRoutes() throws MalformedMessage {
    assertThat(RouteCodec.isIp(header(2, 0, 0).toPayload())).isTrue();
    assertThat(RouteCodec.isIp(header(10, 0, 0).toPayload())).isTrue();
    for (int family : new int[] {0, 28, 128, 129}) {
      Payload other = header(family, 0, 0).toPayload();
      assertThat(RouteCodec.isIp(other)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 257})
  void weightsThatTheWireCannotCarryAreRefused(int weight) {
    assertThatThrownBy(() -> new NextHop(OptionalInt.of(3), Optional.empty(), weight, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weight " + weight + " is not in 1..256");
  }
}
