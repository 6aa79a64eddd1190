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

/// The IP addresses in the socket's network namespace.
public final class Addresses {
  private final NetlinkSocket socket;

  /// The addresses as seen through a socket.
  public Addresses(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// All addresses of both families.
  public List<IpAddress> list() throws NetlinkException {
    return list(0, "list addresses");
  }

  /// The addresses of one interface.
  public List<IpAddress> list(int linkIndex) throws NetlinkException {
    // Kernels before 4.20 do not filter, so we do.
    return list(linkIndex, "list addresses of link " + linkIndex).stream()
        .filter(address -> address.linkIndex() == linkIndex)
        .toList();
  }

  /// Adds an address.
  ///
  /// @throws NetlinkException `EEXIST` if the interface has it, `ENODEV` without the interface,
  ///   `EACCES` or `EPERM` for IPv6 where it is disabled
  public void add(IpAddress address) throws NetlinkException {
    send(
        IpAddress.RTM_NEWADDR,
        NetlinkFlags.CREATE | NetlinkFlags.EXCL,
        address,
        "add address %s to link %d".formatted(address, address.linkIndex()));
  }

  /// Adds an address, or gives the one that is there these flags.
  public void replace(IpAddress address) throws NetlinkException {
    send(
        IpAddress.RTM_NEWADDR,
        NetlinkFlags.CREATE | NetlinkFlags.REPLACE,
        address,
        "set address %s of link %d".formatted(address, address.linkIndex()));
  }

  /// Takes an address away.
  ///
  /// @throws NetlinkException `EADDRNOTAVAIL` if the interface does not have it
  public void delete(IpAddress address) throws NetlinkException {
    send(
        IpAddress.RTM_DELADDR,
        0,
        address,
        "delete address %s of link %d".formatted(address, address.linkIndex()));
  }

  private void send(int type, int flags, IpAddress address, String summary)
      throws NetlinkException {
    socket.change(new NetlinkRequest(type, flags, address.writer().toPayload(), summary));
  }

  private List<IpAddress> list(int linkIndex, String summary) throws NetlinkException {
    PayloadWriter writer = new PayloadWriter().putS32(0).putS32(linkIndex);
    NetlinkRequest request =
        new NetlinkRequest(IpAddress.RTM_GETADDR, 0, writer.toPayload(), summary);
    List<IpAddress> addresses = new ArrayList<>();
    try {
      for (NetlinkMessage message : socket.dump(request)) {
        if (message.type() == IpAddress.RTM_NEWADDR) {
          addresses.add(IpAddress.parse(message));
        }
      }
    } catch (MalformedMessage e) {
      throw new NetlinkException(summary, Errno.EBADMSG, e);
    }
    return List.copyOf(addresses);
  }
}
