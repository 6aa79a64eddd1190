package dev.podbond.netlink.rtnl;

import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.ip.Addresses;
import dev.podbond.netlink.ip.Routes;
import dev.podbond.netlink.link.Links;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.netns.PeerNamespaces;
import dev.podbond.netlink.socket.NetlinkSocket;
import java.util.OptionalLong;

/// One network namespace, held open, through one rtnetlink socket.
///
/// Any thread may use it, from any namespace; requests run one at a time.
///
/// ```java
/// try (Rtnetlink net = Rtnetlink.open(Netns.of(Path.of("/run/netns/pod1")))) {
///   net.links().create(NewLink.bond("bond0", options));
///   Link bond = net.links().get("bond0");
///   net.addresses().add(IpAddress.of(bond.index(), address, 24));
///   net.links().change(bond.index(), LinkChange.of().bringUp());
/// }
/// ```
public final class Rtnetlink implements AutoCloseable {
  private final Netns netns;
  private final NetlinkSocket socket;
  private final Links links;
  private final Addresses addresses;
  private final Routes routes;
  private final PeerNamespaces peers;

  private Rtnetlink(Netns netns, NetlinkSocket socket) {
    this.netns = netns;
    this.socket = socket;
    this.links = new Links(socket);
    this.addresses = new Addresses(socket);
    this.routes = new Routes(socket);
    this.peers = new PeerNamespaces(socket);
  }

  /// Opens the network namespace of this process, without entering another.
  ///
  /// @throws LinuxException if the kernel refuses
  public static Rtnetlink open() throws LinuxException {
    return open(Netns.current(), _ -> NetlinkSocket.open());
  }

  /// Opens a socket in the namespace and takes the namespace over: closing this closes it, as does
  /// a failure.
  ///
  /// @throws LinuxException if it cannot be entered, `EPERM` without `CAP_SYS_ADMIN`
  public static Rtnetlink open(Netns netns) throws LinuxException {
    return open(netns, NetlinkSocket::open);
  }

  private interface Opening {
    NetlinkSocket in(Netns netns) throws LinuxException;
  }

  private static Rtnetlink open(Netns netns, Opening opening) throws LinuxException {
    try {
      return new Rtnetlink(netns, opening.in(netns));
    } catch (LinuxException | RuntimeException e) {
      netns.close();
      throw e;
    }
  }

  /// The namespace, open for as long as this is.
  public Netns netns() {
    return netns;
  }

  /// As [Netns#cookie], without entering the namespace.
  ///
  /// @throws LinuxException if the kernel refuses
  public OptionalLong cookie() throws LinuxException {
    return socket.netnsCookie();
  }

  /// Its interfaces.
  public Links links() {
    return links;
  }

  /// Its IP addresses.
  public Addresses addresses() {
    return addresses;
  }

  /// Its routes.
  public Routes routes() {
    return routes;
  }

  /// The other namespaces for which it has ids.
  public PeerNamespaces peers() {
    return peers;
  }

  /// Closes the socket and the namespace; further calls do nothing.
  @Override
  public void close() {
    socket.close();
    netns.close();
  }
}
