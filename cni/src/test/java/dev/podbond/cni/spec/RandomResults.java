package dev.podbond.cni.spec;

import dev.podbond.json.JsonObject;
import dev.podbond.value.IpPrefix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;

/// Makes random results with anything that any version can hold.
final class RandomResults {

  private final Random random;

  RandomResults(Random random) {
    this.random = random;
  }

  CniResult result() {
    List<CniInterface> interfaces = list(3).mapToObj(this::networkInterface).toList();
    return new CniResult(
        interfaces,
        list(5).mapToObj(_ -> ip(interfaces.size())).toList(),
        list(4).mapToObj(_ -> route()).toList(),
        dns(),
        unknown());
  }

  private IntStream list(int most) {
    return IntStream.range(0, random.nextInt(most));
  }

  private CniInterface networkInterface(int index) {
    return new CniInterface(
        "net" + index,
        maybe("02:00:00:00:00:0" + index),
        maybe("/run/netns/x"),
        maybeInt(9000),
        maybe("/run/vhost.sock"),
        maybe("0000:04:10.2"),
        unknown());
  }

  private CniIp ip(int interfaces) {
    InetAddress address = address(random.nextBoolean());
    return new CniIp(
        interfaces > 0 && random.nextBoolean()
            ? OptionalInt.of(random.nextInt(interfaces))
            : OptionalInt.empty(),
        prefix(address),
        random.nextBoolean()
            ? Optional.of(address(address instanceof java.net.Inet4Address))
            : Optional.empty(),
        unknown());
  }

  private CniRoute route() {
    boolean ipv4 = random.nextBoolean();
    return new CniRoute(
        prefix(address(ipv4)),
        random.nextBoolean() ? Optional.of(address(ipv4)) : Optional.empty(),
        maybeInt(1400),
        maybeInt(1360),
        random.nextBoolean() ? OptionalLong.of(0xffff_ffffL) : OptionalLong.empty(),
        random.nextBoolean() ? OptionalLong.of(0) : OptionalLong.empty(),
        maybeInt(random.nextInt(256)),
        unknown());
  }

  private Dns dns() {
    return random.nextBoolean()
        ? Dns.NONE
        : new Dns(List.of("10.0.0.53"), maybe("lab"), List.of(), List.of("ndots:2"), unknown());
  }

  private static IpPrefix prefix(InetAddress address) {
    return new IpPrefix(address, address instanceof java.net.Inet4Address ? 24 : 64);
  }

  private InetAddress address(boolean ipv4) {
    byte[] bytes = new byte[ipv4 ? 4 : 16];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = random.nextInt(3) == 0 ? (byte) random.nextInt() : 0;
    }
    if (!ipv4) {
      bytes[0] = (byte) 0xfd;
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private Optional<String> maybe(String text) {
    return random.nextBoolean() ? Optional.of(text) : Optional.empty();
  }

  private OptionalInt maybeInt(int value) {
    return random.nextBoolean() ? OptionalInt.of(value) : OptionalInt.empty();
  }

  private JsonObject unknown() {
    return random.nextInt(4) == 0
        ? JsonObject.builder().put("vendor/x", random.nextInt(10)).build()
        : JsonObject.of();
  }
}
