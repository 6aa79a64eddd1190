package dev.podbond.netlink.ip;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.linux.LinuxConstants;
import dev.podbond.netlink.socket.DumpReader;
import dev.podbond.netlink.socket.NetlinkRequest;
import dev.podbond.netlink.socket.NetlinkSocket;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkFlags;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.netlink.wire.RtmType;
import dev.podbond.value.IpText;
import java.net.Inet6Address;
import java.util.List;
import java.util.Optional;

/// The IP addresses in the socket's network namespace.
public final class Addresses {
  private final NetlinkSocket socket;

  /// The addresses as seen through a socket.
  public Addresses(NetlinkSocket socket) {
    this.socket = socket;
  }

  /// All addresses of both families.
  ///
  /// @throws NetlinkException `E2BIG` for more than [NetlinkSocket#MAX_LISTED]
  public List<IpAddress> list() throws NetlinkException {
    return list(0, "list addresses");
  }

  /// The addresses of one interface, all in memory. For an interface that may have any number of
  /// them, use [#forEach].
  ///
  /// @throws NetlinkException `E2BIG` for more than [NetlinkSocket#MAX_LISTED]
  public List<IpAddress> list(int linkIndex) throws NetlinkException {
    return list(linkIndex, "list addresses of link " + linkIndex);
  }

  /// Looks up one IPv6 address of an interface. The cost does not depend on how many other
  /// addresses the interface has. The kernel offers no such request for IPv4.
  public Optional<IpAddress> find(int linkIndex, Inet6Address address) throws NetlinkException {
    PayloadWriter writer =
        new PayloadWriter()
            .putU8(LinuxConstants.AF_INET6)
            .putU8(0)
            .putU8(0)
            .putU8(0)
            .putS32(linkIndex)
            .attributeBytes(IpAddress.ADDRESS, address.getAddress());
    NetlinkRequest request =
        new NetlinkRequest(
            RtmType.GETADDR,
            0,
            writer.toPayload(),
            "find address %s of link %d",
            IpText.format(address),
            linkIndex);
    try {
      return address(socket.get(request), linkIndex);
    } catch (MalformedMessage e) {
      throw new NetlinkException(request.summary(), Errno.EBADMSG, e);
    } catch (NetlinkException e) {
      if (e.errno().equals(Errno.EADDRNOTAVAIL) || e.errno().equals(Errno.ENODEV)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Hands over the addresses of one interface one by one, as the kernel sends them.
  public void forEach(int linkIndex, DumpReader<IpAddress> reader) throws NetlinkException {
    socket.dump(
        request(linkIndex, "go through the addresses of link " + linkIndex),
        new DumpReader<>() {
          @Override
          public void begin() {
            reader.begin();
          }

          @Override
          public void read(NetlinkMessage message) throws MalformedMessage {
            Optional<IpAddress> address = address(message, linkIndex);
            if (address.isPresent()) {
              reader.read(address.get());
            }
          }
        });
  }

  /// Adds an address.
  ///
  /// @throws NetlinkException `EEXIST` if the interface already has it, `ENODEV` if there is no
  ///   such interface, `EACCES` or `EPERM` for an IPv6 address if IPv6 is disabled
  public void add(IpAddress address) throws NetlinkException {
    send(
        RtmType.NEWADDR,
        NetlinkFlags.CREATE | NetlinkFlags.EXCL,
        address,
        "add address %s to link %d");
  }

  /// Removes an address.
  ///
  /// @throws NetlinkException `EADDRNOTAVAIL` if the interface does not have it
  public void delete(IpAddress address) throws NetlinkException {
    send(RtmType.DELADDR, 0, address, "delete address %s of link %d");
  }

  private void send(int type, int flags, IpAddress address, String format) throws NetlinkException {
    socket.change(
        new NetlinkRequest(
            type, flags, address.writer().toPayload(), format, address, address.linkIndex()));
  }

  private List<IpAddress> list(int linkIndex, String summary) throws NetlinkException {
    return socket.list(request(linkIndex, summary), message -> address(message, linkIndex));
  }

  private static NetlinkRequest request(int linkIndex, String summary) {
    PayloadWriter writer = new PayloadWriter().putS32(0).putS32(linkIndex);
    return new NetlinkRequest(RtmType.GETADDR, 0, writer.toPayload(), summary);
  }

  /// The address in a message, if it belongs to the interface; 0 means any interface. We filter
  /// too, because kernels before 4.20 do not.
  private static Optional<IpAddress> address(NetlinkMessage message, int linkIndex)
      throws MalformedMessage {
    return message.type() == RtmType.NEWADDR
        ? Optional.of(IpAddress.parse(message))
            .filter(address -> linkIndex == 0 || address.linkIndex() == linkIndex)
        : Optional.empty();
  }
}
