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
import java.util.List;
import java.util.Optional;

/// Addresses, routes and the settings of the IP layer.
final class IpChanges {
  private final LinkLookup lookup;

  IpChanges(LinkLookup lookup) {
    this.lookup = lookup;
  }

  /// The link's settings decide whether an IPv6 address goes through duplicate address detection:
  /// if two pods were given one address, it is better to find out than to hide it.
  void apply(Change.AddAddress add) throws Refusal, NetlinkException {
    lookup.at(add.link()).addresses().add(address(lookup.index(add.link()), add.address()));
  }

  void apply(Change.RemoveAddress remove) throws Refusal, NetlinkException {
    lookup
        .at(remove.link())
        .addresses()
        .delete(address(lookup.index(remove.link()), remove.address()));
  }

  void apply(Change.AddRoute add) throws Refusal, NetlinkException {
    lookup
        .at(add.link())
        .routes()
        .addBeside(RoutesOnWire.encode(add.route(), lookup.index(add.link())));
  }

  /// Does the same as [#apply(Change.AddRoute)] for each, with one call to the kernel.
  ///
  /// @param adds all to one link
  List<Optional<NetlinkException>> applyEach(List<Change.AddRoute> adds)
      throws Refusal, NetlinkException {
    LinkRef link = adds.getFirst().link();
    int index = lookup.index(link);
    return lookup
        .at(link)
        .routes()
        .addEachBeside(adds.stream().map(add -> RoutesOnWire.encode(add.route(), index)).toList());
  }

  void apply(Change.RemoveRoute remove) throws Refusal, NetlinkException {
    lookup
        .at(remove.link())
        .routes()
        .delete(RoutesOnWire.encode(remove.route(), lookup.index(remove.link())));
  }

  /// A kernel that runs without IPv6 has no IPv6 settings and needs none: there adding an IPv6
  /// address fails, not the preparation for it.
  void apply(Change.SetSysctl set) throws Refusal, LinuxException {
    Netns netns = lookup.at(set.place()).netns();
    if (!set.key().startsWith("ipv6/") || hasIpv6(netns)) {
      Sysctl.write(netns, set.key(), set.value());
    }
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
