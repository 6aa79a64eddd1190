package dev.podbond.netlink.ip;

import dev.podbond.netlink.wire.Attribute;
import dev.podbond.netlink.wire.Attributes;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.Payload;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.value.IpPrefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Writes a [Route] to the wire and reads it back.
///
/// ```
///  +--------+--------+--------+--------+
///  | family | dst len| src len| tos    |   struct rtmsg
///  +--------+--------+--------+--------+
///  | table  | proto  | scope  | type   |
///  +--------+--------+--------+--------+
///  | flags                             |
///  +-----------------------------------+
/// ```
final class RouteCodec {
  static final int HEADER_LENGTH = 12;

  private static final int DST_LENGTH_OFFSET = 1;
  private static final int TABLE_OFFSET = 4;
  private static final int PROTOCOL_OFFSET = 5;
  private static final int SCOPE_OFFSET = 6;
  private static final int TYPE_OFFSET = 7;
  private static final int FLAGS_OFFSET = 8;

  private static final int DST = 1;
  static final int OIF = 4;
  private static final int GATEWAY = 5;
  private static final int PRIORITY = 6;
  private static final int PREFSRC = 7;
  private static final int METRICS = 8;
  private static final int MULTIPATH = 9;
  private static final int TABLE = 15;
  private static final int VIA = 18;

  private static final int RTAX_MTU = 2;
  private static final int RTAX_ADVMSS = 8;

  private static final int RTNH_F_ONLINK = 4;

  /// `RTM_F_CLONED`: a cached route or an exception (such as a learned path MTU). IPv6 lists these
  /// among the other routes.
  private static final int RTM_F_CLONED = 0x200;

  private static final int RT_TABLE_COMPAT = 252;
  private static final int MAX_SHORT_TABLE = 255;

  private RouteCodec() {}

  static boolean isCloned(Payload payload) throws MalformedMessage {
    return (payload.s32(FLAGS_OFFSET) & RTM_F_CLONED) != 0;
  }

  /// Whether the payload is a route of IPv4 or IPv6; multicast routing and MPLS use families of
  /// their own.
  static boolean isIp(Payload payload) throws MalformedMessage {
    int family = payload.u8(0);
    return family == Family.IPV4.number() || family == Family.IPV6.number();
  }

  static Route read(Payload payload) throws MalformedMessage {
    Attributes attributes = payload.attributes(HEADER_LENGTH);
    Attributes metrics = attributes.nested(METRICS);
    int flags = payload.s32(FLAGS_OFFSET);
    return new Route(
        destination(payload, attributes),
        nextHops(attributes, flags),
        IpAttributes.u32(attributes, TABLE).orElse(payload.u8(TABLE_OFFSET)),
        Scope.of(payload.u8(SCOPE_OFFSET)),
        payload.u8(PROTOCOL_OFFSET),
        payload.u8(TYPE_OFFSET),
        IpAttributes.u32(attributes, PRIORITY),
        IpAttributes.address(attributes, PREFSRC),
        IpAttributes.u32(metrics, RTAX_MTU),
        IpAttributes.u32(metrics, RTAX_ADVMSS));
  }

  private static IpPrefix destination(Payload payload, Attributes attributes)
      throws MalformedMessage {
    Family family = payload.u8(0) == Family.IPV6.number() ? Family.IPV6 : Family.IPV4;
    int length = payload.u8(DST_LENGTH_OFFSET);
    InetAddress address = IpAttributes.address(attributes, DST).orElse(family.any());
    if (length > Family.of(address).maxPrefixLength()) {
      throw new MalformedMessage("prefix length " + length);
    }
    return new IpPrefix(address, length);
  }

  private static List<NextHop> nextHops(Attributes attributes, int flags) throws MalformedMessage {
    Optional<Attribute> multipath = attributes.find(MULTIPATH);
    if (multipath.isPresent()) {
      return multipath(multipath.get().value());
    }
    OptionalInt link = IpAttributes.s32(attributes, OIF);
    Optional<InetAddress> gateway = gateway(attributes);
    return link.isEmpty() && gateway.isEmpty()
        ? List.of()
        : List.of(new NextHop(link, gateway, 1, (flags & RTNH_F_ONLINK) != 0));
  }

  private static Optional<InetAddress> gateway(Attributes attributes) throws MalformedMessage {
    Optional<Attribute> via = attributes.find(VIA);
    if (via.isPresent()) {
      // struct rtvia: the family, then an address of that family. Used for IPv4 through an IPv6
      // router.
      Payload value = via.get().value();
      int length = value.length() - Short.BYTES;
      return Optional.of(new Attribute(VIA, value.slice(Short.BYTES, length)).inetAddress());
    }
    return IpAttributes.address(attributes, GATEWAY);
  }

  /// `struct rtnexthop` of `linux/rtnetlink.h`, one for each next hop, each followed by attributes.
  ///
  /// ```
  ///  +-----------------+--------+--------+
  ///  | length          | flags  | weight |   the weight less one
  ///  +-----------------+--------+--------+
  ///  | link index                        |
  ///  +-----------------------------------+
  /// ```
  private static final class NextHopLayout {
    static final int LENGTH = 8;
    static final int FLAGS_OFFSET = 2;
    static final int WEIGHT_OFFSET = 3;
    static final int INDEX_OFFSET = 4;
  }

  private static List<NextHop> multipath(Payload value) throws MalformedMessage {
    List<NextHop> hops = new ArrayList<>();
    int offset = 0;
    while (offset < value.length()) {
      int length = value.u16(offset);
      if (length < NextHopLayout.LENGTH) {
        throw new MalformedMessage("a next hop of " + length + " bytes");
      }
      Payload hop = value.slice(offset, length);
      hops.add(
          new NextHop(
              OptionalInt.of(hop.s32(NextHopLayout.INDEX_OFFSET)),
              gateway(hop.attributes(NextHopLayout.LENGTH)),
              hop.u8(NextHopLayout.WEIGHT_OFFSET) + 1,
              (hop.u8(NextHopLayout.FLAGS_OFFSET) & RTNH_F_ONLINK) != 0));
      offset += (length + 3) & ~3;
    }
    return List.copyOf(hops);
  }

  /// The header of a dump request that asks the kernel to filter (`ip_valid_fib_dump_req`).
  static PayloadWriter writeFilter(Family family, int type, int linkIndex) {
    return new PayloadWriter()
        .putU8(family.number())
        .putBytes(new byte[TYPE_OFFSET - 1])
        .putU8(type)
        .putS32(0)
        .attributeS32(OIF, linkIndex);
  }

  static PayloadWriter write(Route route) {
    boolean shortTable = route.table() <= MAX_SHORT_TABLE;
    boolean single = route.nextHops().size() == 1;
    int flags = single && route.nextHops().getFirst().onLink() ? RTNH_F_ONLINK : 0;
    PayloadWriter writer =
        new PayloadWriter()
            .putU8(Family.of(route.destination().address()).number())
            .putU8(route.destination().length())
            .putU8(0)
            .putU8(0)
            .putU8(shortTable ? (int) route.table() : RT_TABLE_COMPAT)
            .putU8(route.protocol())
            .putU8(route.scope().number())
            .putU8(route.type())
            .putS32(flags);
    if (route.destination().length() > 0) {
      writer.attributeBytes(DST, route.destination().address().getAddress());
    }
    if (!shortTable) {
      writer.attributeU32(TABLE, route.table());
    }
    route.priority().ifPresent(priority -> writer.attributeU32(PRIORITY, priority));
    route.source().ifPresent(source -> writer.attributeBytes(PREFSRC, source.getAddress()));
    writeMetrics(writer, route);
    if (single) {
      NextHop hop = route.nextHops().getFirst();
      writeGateway(writer, route, hop);
      hop.linkIndex().ifPresent(link -> writer.attributeS32(OIF, link));
    } else if (!route.nextHops().isEmpty()) {
      writer.attribute(
          MULTIPATH, w -> route.nextHops().forEach(hop -> writeNextHop(w, route, hop)));
    }
    return writer;
  }

  private static void writeMetrics(PayloadWriter writer, Route route) {
    OptionalLong mtu = route.mtu();
    OptionalLong mss = route.advertisedMss();
    if (mtu.isPresent() || mss.isPresent()) {
      writer.nested(
          METRICS,
          metrics -> {
            mtu.ifPresent(bytes -> metrics.attributeU32(RTAX_MTU, bytes));
            mss.ifPresent(bytes -> metrics.attributeU32(RTAX_ADVMSS, bytes));
          });
    }
  }

  private static void writeNextHop(PayloadWriter writer, Route route, NextHop hop) {
    PayloadWriter attributes = new PayloadWriter();
    writeGateway(attributes, route, hop);
    byte[] bytes = attributes.toBytes();
    writer
        .putU16(NextHopLayout.LENGTH + bytes.length)
        .putU8(hop.onLink() ? RTNH_F_ONLINK : 0)
        .putU8(hop.weight() - 1)
        .putS32(hop.linkIndex().orElse(0))
        .putBytes(bytes);
  }

  private static void writeGateway(PayloadWriter writer, Route route, NextHop hop) {
    hop.gateway()
        .ifPresent(gateway -> {
          if (Family.of(gateway) == Family.of(route.destination().address())) {
            writer.attributeBytes(GATEWAY, gateway.getAddress());
          } else {
            writer.attribute(
                VIA, w -> w.putU16(Family.of(gateway).number()).putBytes(gateway.getAddress()));
          }
        });
  }
}
