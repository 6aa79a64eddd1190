package dev.podbond.node.netns;

import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.ip.Addresses;
import dev.podbond.netlink.ip.Routes;
import dev.podbond.netlink.link.Links;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.netns.PeerNamespaces;
import dev.podbond.netlink.rtnl.Rtnetlink;

/// One network namespace, held open, and access to its tables over one rtnetlink socket.
public final class NetnsAccess implements AutoCloseable {
  private final Netns netns;
  private final Rtnetlink net;

  private NetnsAccess(Netns netns, Rtnetlink net) {
    this.netns = netns;
    this.net = net;
  }

  /// Opens a socket in the namespace and takes over both; on failure the namespace is closed.
  public static NetnsAccess open(Netns netns) throws LinuxException {
    try {
      return new NetnsAccess(netns, Rtnetlink.open(netns));
    } catch (LinuxException | RuntimeException e) {
      netns.close();
      throw e;
    }
  }

  /// Opens the namespace of this process, which needs no setns.
  static NetnsAccess openOwn() throws LinuxException {
    Netns own = Netns.current();
    try {
      return new NetnsAccess(own, Rtnetlink.open());
    } catch (LinuxException | RuntimeException e) {
      own.close();
      throw e;
    }
  }

  public Netns netns() {
    return netns;
  }

  public Links links() {
    return net.links();
  }

  public Addresses addresses() {
    return net.addresses();
  }

  public Routes routes() {
    return net.routes();
  }

  public PeerNamespaces peers() {
    return net.peers();
  }

  @Override
  public void close() {
    net.close();
    netns.close();
  }
}
