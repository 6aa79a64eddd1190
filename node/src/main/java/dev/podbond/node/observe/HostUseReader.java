package dev.podbond.node.observe;

import dev.podbond.bonding.facts.HostUse;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.ip.Family;
import dev.podbond.netlink.ip.Route;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.netlink.socket.DumpReader;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.value.IpPrefix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what a node uses one of its links for. It lists nothing: it asks the kernel for the routes
/// through this link, and sysfs for the interfaces on top of it.
final class HostUseReader {
  /// Enough to name in a message.
  private static final int MAX_ROUTES = 4;

  private final Rtnetlink host;
  private final PciDevices devices;

  HostUseReader(Rtnetlink host, PciDevices devices) {
    this.host = host;
    this.devices = devices;
  }

  HostUse read(LinkFacts link) throws IOException {
    List<String> uppers = devices.uppersOf(link.name());
    Optional<Integer> vfCount = link.pci().map(devices::vfCount);
    return new HostUse(routes(link.index()), uppers, vfCount.orElse(0));
  }

  /// The routes that somebody made; there may be any number. Routes that the kernel keeps for each
  /// address and each link that is up do not show a use.
  private List<IpPrefix> routes(int index) throws NetlinkException {
    List<IpPrefix> all = new ArrayList<>();
    for (Family family : Family.values()) {
      Some some = new Some();
      host.routes().forEach(family, index, some);
      all.addAll(some.destinations);
    }
    return all;
  }

  /// Collects the destinations of the first few.
  private static final class Some implements DumpReader<Route> {
    private final List<IpPrefix> destinations = new ArrayList<>();

    @Override
    public void begin() {
      destinations.clear();
    }

    @Override
    public void read(Route route) {
      if (route.protocol() != Route.PROTOCOL_KERNEL && destinations.size() < MAX_ROUTES) {
        destinations.add(prefix(route.destination()));
      }
    }
  }

  private static IpPrefix prefix(IpPrefix destination) {
    return new IpPrefix(destination.address(), destination.length());
  }
}
