package dev.podbond.netlink.ip;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.socket.NetlinkRequest;
import dev.podbond.netlink.socket.NetlinkSocket;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkFlags;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import java.util.ArrayList;
import java.util.List;

/// The routes in the socket's network namespace.
public final class Routes {
  private final NetlinkSocket socket;

  /// The routes as seen through a socket.
  public Routes(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// All routes of a family, in all tables, the kernel's own included.
  public List<Route> list(Family family) throws NetlinkException {
    PayloadWriter writer =
        new PayloadWriter().putU8(family.number()).putBytes(new byte[RouteCodec.HEADER_LENGTH - 1]);
    NetlinkRequest request =
        new NetlinkRequest(
            RouteCodec.RTM_GETROUTE, 0, writer.toPayload(), "list routes of " + family);
    List<Route> routes = new ArrayList<>();
    try {
      for (NetlinkMessage message : socket.dump(request)) {
        if (message.type() == RouteCodec.RTM_NEWROUTE
            && RouteCodec.isIp(message.payload())
            && !RouteCodec.isCloned(message.payload())) {
          routes.add(Route.parse(message));
        }
      }
    } catch (MalformedMessage e) {
      throw new NetlinkException(request.summary(), Errno.EBADMSG, e);
    }
    return List.copyOf(routes);
  }

  /// Adds a route.
  ///
  /// @throws NetlinkException `EEXIST` if there is one to the same destination with the same metric
  ///   in the same table
  public void add(Route route) throws NetlinkException {
    send(RouteCodec.RTM_NEWROUTE, NetlinkFlags.CREATE | NetlinkFlags.EXCL, route, "add");
  }

  /// Adds a route beside those that lead to the same destination: IPv6 makes them one multipath
  /// route, IPv4 puts the new one before the others.
  ///
  /// @throws NetlinkException `EEXIST` if the very same route exists
  public void addBeside(Route route) throws NetlinkException {
    send(RouteCodec.RTM_NEWROUTE, NetlinkFlags.CREATE, route, "add");
  }

  /// Adds a route or puts it in the place of one to the same destination.
  public void replace(Route route) throws NetlinkException {
    send(RouteCodec.RTM_NEWROUTE, NetlinkFlags.CREATE | NetlinkFlags.REPLACE, route, "set");
  }

  /// Takes a route away.
  ///
  /// @throws NetlinkException `ESRCH` if there is none like it
  public void delete(Route route) throws NetlinkException {
    send(RouteCodec.RTM_DELROUTE, 0, route, "delete");
  }

  private void send(int type, int flags, Route route, String verb) throws NetlinkException {
    socket.change(
        new NetlinkRequest(
            type, flags, RouteCodec.write(route).toPayload(), verb + " route " + route));
  }
}
