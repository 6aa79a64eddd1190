package dev.podbond.netlink.ip;

import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.socket.DumpReader;
import dev.podbond.netlink.socket.NetlinkRequest;
import dev.podbond.netlink.socket.NetlinkSocket;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkFlags;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.netlink.wire.RtmType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The routes in the socket's network namespace.
public final class Routes {
  private final NetlinkSocket socket;

  /// The routes as seen through a socket.
  public Routes(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// All routes of a family, in all tables, the kernel's own included, all in memory. Where there
  /// may be any number of routes, use [#forEach].
  ///
  /// @throws NetlinkException `E2BIG` for more than [NetlinkSocket#MAX_LISTED]
  public List<Route> list(Family family) throws NetlinkException {
    PayloadWriter writer =
        new PayloadWriter().putU8(family.number()).putBytes(new byte[RouteCodec.HEADER_LENGTH - 1]);
    return socket.list(
        new NetlinkRequest(RtmType.GETROUTE, 0, writer.toPayload(), "list routes of %s", family),
        Routes::route);
  }

  /// Hands over, one by one as the kernel sends them, the unicast routes of a family that lead out
  /// of an interface, in all tables. The kernel filters them itself (since 4.20), so that all other
  /// routes cost little.
  ///
  /// @throws NetlinkException `ENODEV` if there is no such interface
  public void forEach(Family family, int linkIndex, DumpReader<Route> reader)
      throws NetlinkException {
    NetlinkRequest request =
        new NetlinkRequest(
            RtmType.GETROUTE,
            0,
            RouteCodec.writeFilter(family, Route.TYPE_UNICAST, linkIndex).toPayload(),
            "go through the routes of %s on link %d",
            family,
            linkIndex);
    socket.dump(
        request,
        new DumpReader<>() {
          @Override
          public void begin() {
            reader.begin();
          }

          @Override
          public void read(NetlinkMessage message) throws MalformedMessage {
            Optional<Route> route = route(message);
            // If the kernel has filtered, we trust it: a route through a nexthop object may not
            // name its interface.
            if (route.isPresent()
                && (message.hasFlags(NetlinkFlags.DUMP_FILTERED)
                    || leadsOut(route.get(), linkIndex))) {
              reader.read(route.get());
            }
          }
        });
  }

  private static boolean leadsOut(Route route, int linkIndex) {
    return route.type() == Route.TYPE_UNICAST
        && route.nextHops().stream()
            .anyMatch(hop -> hop.linkIndex().equals(OptionalInt.of(linkIndex)));
  }

  private static Optional<Route> route(NetlinkMessage message) throws MalformedMessage {
    return message.type() == RtmType.NEWROUTE
            && RouteCodec.isIp(message.payload())
            && !RouteCodec.isCloned(message.payload())
        ? Optional.of(Route.parse(message))
        : Optional.empty();
  }

  /// Adds a route beside existing routes to the same destination. IPv6 merges them into one
  /// multipath route; IPv4 puts the new route before the others.
  ///
  /// @throws NetlinkException `EEXIST` if an identical route exists
  public void addBeside(Route route) throws NetlinkException {
    socket.change(addition(route));
  }

  /// Does the same as [#addBeside] for each of some dozens of routes, in order and with one call to
  /// the kernel.
  ///
  /// @return as [NetlinkSocket#changeEach]
  public List<Optional<NetlinkException>> addEachBeside(List<Route> routes) {
    return socket.changeEach(routes.stream().map(Routes::addition).toList());
  }

  private static NetlinkRequest addition(Route route) {
    return request(RtmType.NEWROUTE, NetlinkFlags.CREATE, route, "add");
  }

  /// Removes a route.
  ///
  /// @throws NetlinkException `ESRCH` if there is no such route
  public void delete(Route route) throws NetlinkException {
    socket.change(request(RtmType.DELROUTE, 0, route, "delete"));
  }

  private static NetlinkRequest request(int type, int flags, Route route, String verb) {
    return new NetlinkRequest(
        type, flags, RouteCodec.write(route).toPayload(), "%s route %s", verb, route);
  }
}
