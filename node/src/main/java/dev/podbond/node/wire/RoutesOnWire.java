package dev.podbond.node.wire;

import dev.podbond.netlink.ip.NextHop;
import dev.podbond.netlink.ip.Route;
import dev.podbond.netlink.ip.Scope;
import dev.podbond.value.IpPrefix;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Converts routes to the form of the kernel's table and back.
///
/// On the way back it leaves out the kernel's defaults, so that a route reads like a request for
/// it.
public final class RoutesOnWire {
  /// `IP6_RT_PRIO_USER`: the metric of an IPv6 route that was requested without one.
  private static final int DEFAULT_PRIORITY_IPV6 = 1024;

  private RoutesOnWire() {}

  /// A route out of a link. It clears the host bits of the destination, since IPv4 refuses them.
  public static Route encode(dev.podbond.bonding.net.Route route, int linkIndex) {
    IpPrefix destination = route.destination().network();
    NextHop hop =
        route
            .gateway()
            .map(gateway -> NextHop.gateway(gateway, linkIndex))
            .orElseGet(() -> NextHop.link(linkIndex));
    Route encoded = Route.of(destination, hop);
    if (route.table().isPresent()) {
      encoded = encoded.withTable(Integer.toUnsignedLong(route.table().getAsInt()));
    }
    if (route.scope().isPresent()) {
      encoded = encoded.withScope(new Scope(route.scope().getAsInt()));
    }
    if (route.priority().isPresent()) {
      encoded = encoded.withPriority(Integer.toUnsignedLong(route.priority().getAsInt()));
    }
    if (route.mtuBytes().isPresent()) {
      encoded = encoded.withMtu(route.mtuBytes().getAsInt());
    }
    if (route.advmssBytes().isPresent()) {
      encoded = encoded.withAdvertisedMss(route.advmssBytes().getAsInt());
    }
    return encoded;
  }

  /// One next hop of a route in the kernel's table.
  public static dev.podbond.bonding.net.Route decode(Route route, NextHop hop) {
    boolean ipv4 = route.destination().address().getAddress().length == 4;
    Scope usual = hop.gateway().isPresent() ? Scope.GLOBAL : Scope.LINK;
    return new dev.podbond.bonding.net.Route(
        route.destination(),
        hop.gateway(),
        narrow(route.mtu()),
        narrow(route.advertisedMss()),
        unless(route.priority(), ipv4 ? 0 : DEFAULT_PRIORITY_IPV6),
        unless(OptionalLong.of(route.table()), Route.TABLE_MAIN),
        ipv4
            ? unless(OptionalLong.of(route.scope().number()), usual.number())
            : OptionalInt.empty());
  }

  private static OptionalInt narrow(OptionalLong value) {
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  private static OptionalInt unless(OptionalLong value, int usual) {
    return value.isPresent() && value.getAsLong() == usual ? OptionalInt.empty() : narrow(value);
  }
}
