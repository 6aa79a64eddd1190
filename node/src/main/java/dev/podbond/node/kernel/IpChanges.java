package dev.podbond.node.kernel;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.ip.IpAddress;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.netns.Sysctl;
import dev.podbond.node.wire.RoutesOnWire;
import dev.podbond.value.IpPrefix;
import java.net.Inet4Address;
import java.util.Optional;

/// Addresses, routes and the settings of the IP layer.
///
/// An IPAM plugin may ask for thousands of routes on one link. Its index is asked for once: it is
/// the link's identity, and where the link is gone the kernel refuses the change.
final class IpChanges {
  private record Indexed(LinkRef link, int index) {}

  private final LinkLookup lookup;
  private Optional<Indexed> latest = Optional.empty();

  IpChanges(LinkLookup lookup) {
    this.lookup = lookup;
  }

  /// The link's settings decide whether an IPv6 address goes through duplicate address detection:
  /// if two pods were given one address, it is better to find out than to hide it.
  void apply(Change.AddAddress add) throws Refusal, NetlinkException {
    lookup.at(add.link()).addresses().add(address(index(add.link()), add.address()));
  }

  void apply(Change.RemoveAddress remove) throws Refusal, NetlinkException {
    lookup.at(remove.link()).addresses().delete(address(index(remove.link()), remove.address()));
  }

  void apply(Change.AddRoute add) throws Refusal, NetlinkException {
    lookup.at(add.link()).routes().addBeside(RoutesOnWire.encode(add.route(), index(add.link())));
  }

  void apply(Change.RemoveRoute remove) throws Refusal, NetlinkException {
    lookup
        .at(remove.link())
        .routes()
        .delete(RoutesOnWire.encode(remove.route(), index(remove.link())));
  }

  /// A kernel that runs without IPv6 has no IPv6 settings and needs none: there adding an IPv6
  /// address fails, not the preparation for it.
  void apply(Change.SetSysctl set) throws Refusal, LinuxException {
    Netns netns = lookup.at(set.place()).netns();
    if (!set.key().startsWith("ipv6/") || hasIpv6(netns)) {
      Sysctl.write(netns, set.key(), set.value());
    }
  }

  /// To be called when another link may have the name: after a rename, a move, a deletion.
  void forgetLink() {
    latest = Optional.empty();
  }

  private int index(LinkRef link) throws Refusal, NetlinkException {
    if (latest.isEmpty() || !latest.get().link().equals(link)) {
      latest = Optional.of(new Indexed(link, lookup.index(link)));
    }
    return latest.get().index();
  }

  private static boolean hasIpv6(Netns netns) throws LinuxException {
    try {
      return !Sysctl.read(netns, "ipv6/conf/all/disable_ipv6").isEmpty();
    } catch (LinuxException e) {
      if (e.errno().equals(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private static IpAddress address(int linkIndex, IpPrefix prefix) {
    IpAddress address = IpAddress.of(linkIndex, prefix.address(), prefix.length());
    return prefix
        .broadcast()
        .map(broadcast -> address.withBroadcast((Inet4Address) broadcast))
        .orElse(address);
  }
}
