package dev.podbond.netlink.ip;

import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.socket.NetlinkRequest;
import dev.podbond.netlink.socket.NetlinkSocket;
import dev.podbond.netlink.wire.NetlinkFlags;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.value.IpText;
import java.util.List;
import java.util.Optional;

/// The ARP and neighbour discovery tables of the socket's network namespace.
public final class Neighbours {
  private final NetlinkSocket socket;

  /// The neighbours as seen through a socket.
  public Neighbours(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// All neighbours of a family.
  ///
  /// @throws NetlinkException `E2BIG` for more than [NetlinkSocket#MAX_LISTED]
  public List<Neighbour> list(Family family) throws NetlinkException {
    PayloadWriter writer =
        new PayloadWriter()
            .putU8(family.number())
            .pad()
            .putBytes(new byte[Neighbour.HEADER_LENGTH - Integer.BYTES]);
    NetlinkRequest request =
        new NetlinkRequest(
            Neighbour.RTM_GETNEIGH, 0, writer.toPayload(), "list neighbours of " + family);
    return socket.list(
        request,
        message ->
            message.type() == Neighbour.RTM_NEWNEIGH
                ? Optional.of(Neighbour.parse(message))
                : Optional.empty());
  }

  /// Adds a neighbour, or sets what is known about it.
  public void replace(Neighbour neighbour) throws NetlinkException {
    send(Neighbour.RTM_NEWNEIGH, NetlinkFlags.CREATE | NetlinkFlags.REPLACE, neighbour, "set");
  }

  /// Forgets a neighbour.
  ///
  /// @throws NetlinkException `ENOENT` if it is unknown
  public void delete(Neighbour neighbour) throws NetlinkException {
    send(Neighbour.RTM_DELNEIGH, 0, neighbour, "delete");
  }

  private void send(int type, int flags, Neighbour neighbour, String verb) throws NetlinkException {
    String summary =
        "%s neighbour %s on link %d"
            .formatted(verb, IpText.format(neighbour.address()), neighbour.linkIndex());
    socket.change(new NetlinkRequest(type, flags, neighbour.writer().toPayload(), summary));
  }
}
