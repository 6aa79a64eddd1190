package dev.podbond.netlink.ip;

import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A route.
///
/// @param destination the addresses it leads to
/// @param nextHops most routes have one, a multipath route has several, a `blackhole` route has an
///   empty list
/// @param table the routing table, 254 for the main one
/// @param scope how far away the destination is; IPv6 ignores it
/// @param protocol the route's creator, `RTPROT_*`
/// @param type `RTN_*`, 1 for unicast
/// @param priority the metric: the route with the lowest value wins
/// @param source the source address for packets that have no source address yet
/// @param mtu the path's MTU in bytes
/// @param advertisedMss the TCP segment size to advertise, in bytes
public record Route(
    IpPrefix destination,
    List<NextHop> nextHops,
    long table,
    Scope scope,
    int protocol,
    int type,
    OptionalLong priority,
    Optional<InetAddress> source,
    OptionalLong mtu,
    OptionalLong advertisedMss) {
  /// `RT_TABLE_MAIN`.
  public static final int TABLE_MAIN = 254;

  /// `RTPROT_BOOT`: made by hand, as iproute2 marks its own.
  public static final int PROTOCOL_BOOT = 3;

  /// `RTPROT_KERNEL`: made by the kernel for an address.
  public static final int PROTOCOL_KERNEL = 2;

  /// `RTN_UNICAST`.
  public static final int TYPE_UNICAST = 1;

  public Route {
    nextHops = List.copyOf(nextHops);
  }

  /// A route in the main table, of link scope without a gateway and of global scope with one.
  public static Route of(IpPrefix destination, NextHop... nextHops) {
    List<NextHop> hops = List.of(nextHops);
    boolean direct = hops.stream().allMatch(hop -> hop.gateway().isEmpty());
    return new Route(
        destination,
        hops,
        TABLE_MAIN,
        direct && !hops.isEmpty() ? Scope.LINK : Scope.GLOBAL,
        PROTOCOL_BOOT,
        TYPE_UNICAST,
        OptionalLong.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  /// The same in another table.
  public Route withTable(long to) {
    return new Route(
        destination, nextHops, to, scope, protocol, type, priority, source, mtu, advertisedMss);
  }

  /// The same with a scope.
  public Route withScope(Scope to) {
    return new Route(
        destination, nextHops, table, to, protocol, type, priority, source, mtu, advertisedMss);
  }

  /// The same with a metric.
  public Route withPriority(long to) {
    return new Route(
        destination,
        nextHops,
        table,
        scope,
        protocol,
        type,
        OptionalLong.of(to),
        source,
        mtu,
        advertisedMss);
  }

  /// The same route with an MTU in bytes.
  public Route withMtu(long bytes) {
    return new Route(
        destination,
        nextHops,
        table,
        scope,
        protocol,
        type,
        priority,
        source,
        OptionalLong.of(bytes),
        advertisedMss);
  }

  /// The same route with a TCP segment size in bytes.
  public Route withAdvertisedMss(long bytes) {
    return new Route(
        destination,
        nextHops,
        table,
        scope,
        protocol,
        type,
        priority,
        source,
        mtu,
        OptionalLong.of(bytes));
  }

  /// Reads an `RTM_NEWROUTE` or `RTM_DELROUTE` message of IPv4 or IPv6.
  public static Route parse(NetlinkMessage message) throws MalformedMessage {
    return RouteCodec.read(message.payload());
  }

  /// Such as `10.0.0.0/8 via 192.168.1.1`.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(destination.toString());
    for (NextHop hop : nextHops) {
      hop.gateway().ifPresent(to -> text.append(" via ").append(IpText.format(to)));
      hop.linkIndex().ifPresent(link -> text.append(" on link ").append(link));
    }
    return text.toString();
  }
}
