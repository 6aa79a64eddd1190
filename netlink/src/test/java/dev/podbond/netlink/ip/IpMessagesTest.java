package dev.podbond.netlink.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podbond.netlink.Property;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Predicate;
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
  void aRouteIsReadAsItWasWritten() {
    Property.holds(random -> {
      Family family = family(random);
      int length = random.nextInt(family.maxPrefixLength() + 1);
      int hops = random.nextInt(4);
      Route route =
          new Route(
              length == 0
                  ? new IpPrefix(family.any(), 0)
                  : new IpPrefix(random(family, random), length),
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
  void theScopeFollowsFromTheKindOfAddress() throws Exception {
    assertThat(IpAddress.of(1, InetAddress.getByName("127.0.0.1"), 8).scope())
        .isEqualTo(Scope.HOST);
    assertThat(IpAddress.of(1, InetAddress.getByName("fe80::1"), 64).scope()).isEqualTo(Scope.LINK);
    assertThat(IpAddress.of(1, InetAddress.getByName("10.0.0.1"), 8).scope())
        .isEqualTo(Scope.GLOBAL);
  }

  @Test
  void prefixesLongerThanTheAddressAreRefused() throws Exception {
    InetAddress v4 = InetAddress.getByName("10.0.0.1");
    assertThatThrownBy(() -> IpAddress.of(1, v4, 33)).hasMessageContaining("33 is outside 0 to 32");
    assertThatThrownBy(() -> new IpPrefix(v4, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(new IpPrefix(v4, 32)).hasToString("10.0.0.1/32");
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
  void ipv6TextHasItsShortestForm(String text) {
    assertThat(IpText.format(InetAddress.ofLiteral(text))).isEqualTo(text);
  }

  /// Each flag with its bit in `linux/if_addr.h`.
  private static final Map<Integer, Predicate<AddressFlags>> FLAGS =
      Map.of(
          0x08, AddressFlags::isDadFailed,
          0x40, AddressFlags::isTentative);

  @Test
  void eachFlagIsItsOwnBitWhateverTheOthersAre() {
    FLAGS.forEach((bit, flag) -> {
      assertThat(flag.test(AddressFlags.NONE)).isFalse();
      assertThat(flag.test(new AddressFlags(bit))).isTrue();
      assertThat(flag.test(new AddressFlags(~bit))).isFalse();
      assertThat(flag.test(new AddressFlags(~0))).isTrue();
    });
  }

  @Test
  void aBroadcastAddressIsOfIpv4() throws Exception {
    IpAddress address =
        IpAddress.of(1, InetAddress.getByName("10.0.0.1"), 24)
            .withBroadcast((Inet4Address) InetAddress.getByName("10.0.0.255"));
    assertThat(address.broadcast()).map(InetAddress::getHostAddress).contains("10.0.0.255");
  }

  @Test
  void anAddressInBytes() throws Exception {
    assumeTrue(ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN));
    IpAddress v4 =
        IpAddress.of(3, InetAddress.getByName("10.9.0.1"), 24)
            .withBroadcast((Inet4Address) InetAddress.getByName("10.9.0.255"));
    assertThat(hex(v4))
        .isEqualTo(
            // struct ifaddrmsg: AF_INET, prefix, flags, scope, link
            "02180000"
                + "03000000"
                // IFA_LOCAL (2), IFA_ADDRESS (1), IFA_BROADCAST (4)
                + "08000200"
                + "0a090001"
                + "08000100"
                + "0a090001"
                + "08000400"
                + "0a0900ff");
    IpAddress v6 =
        new IpAddress(
            3,
            InetAddress.getByName("fe80::1"),
            64,
            Optional.empty(),
            Optional.empty(),
            Scope.LINK,
            new AddressFlags(0x02));
    String address = "fe80000000000000" + "0000000000000001";
    assertThat(hex(v6))
        .isEqualTo(
            // AF_INET6, IFA_F_NODAD, RT_SCOPE_LINK
            "0a4002fd"
                + "03000000"
                + "14000200"
                + address
                + "14000100"
                + address
                // IFA_FLAGS (8)
                + "08000800"
                + "02000000");
  }

  private static String hex(IpAddress address) {
    return HexFormat.of().formatHex(address.writer().toBytes());
  }

  /// For IPv6 the kernel sends IFA_LOCAL only on point-to-point links.
  @Test
  void withoutIfaLocalIfaAddressIsTheOwnAddress() throws Exception {
    InetAddress address = InetAddress.getByName("fd00::1");
    IpAddress read = IpAddress.parse(message(addressHeader(64).attributeBytes(1, bytes(address))));
    assertThat(read.address()).isEqualTo(address);
    assertThat(read.peer()).isEmpty();
  }

  @Test
  void onAPointToPointLinkIfaLocalIsTheOwnAddress() throws Exception {
    InetAddress own = InetAddress.getByName("10.0.0.1");
    InetAddress peer = InetAddress.getByName("10.0.0.2");
    IpAddress read =
        IpAddress.parse(
            message(
                addressHeader(32).attributeBytes(1, bytes(peer)).attributeBytes(2, bytes(own))));
    assertThat(read.address()).isEqualTo(own);
    assertThat(read.peer()).contains(peer);
  }

  private static byte[] bytes(InetAddress address) {
    return address.getAddress();
  }

  private static PayloadWriter addressHeader(int prefixLength) {
    return new PayloadWriter().putU8(0).putU8(prefixLength).putU16(0).putS32(3);
  }

  @Test
  void messagesWithImpossibleLengthsAreMalformed() throws Exception {
    byte[] v4 = bytes(InetAddress.getByName("10.0.0.1"));
    byte[] v6 = bytes(InetAddress.getByName("fd00::1"));
    assertThat(IpAddress.parse(message(addressHeader(32).attributeBytes(1, v4))).prefixLength())
        .isEqualTo(32);
    assertThat(IpAddress.parse(message(addressHeader(128).attributeBytes(1, v6))).prefixLength())
        .isEqualTo(128);
    assertThatThrownBy(() -> IpAddress.parse(message(addressHeader(33).attributeBytes(1, v4))))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage("prefix length 33");
    assertThatThrownBy(() -> IpAddress.parse(message(addressHeader(129).attributeBytes(1, v6))))
        .isInstanceOf(MalformedMessage.class);
    assertThatThrownBy(() -> IpAddress.parse(message(addressHeader(0))))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage("neither IFA_LOCAL nor IFA_ADDRESS");
  }
}
