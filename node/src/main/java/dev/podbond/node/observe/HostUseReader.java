package dev.podbond.node.observe;

import dev.podbond.bonding.facts.HostUse;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.net.IpPrefix;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.ip.Family;
import dev.podbond.netlink.ip.Prefix;
import dev.podbond.netlink.ip.Route;
import dev.podbond.node.netns.NetnsAccess;
import dev.podbond.node.sysfs.PciDevices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what a node does with one of its links. Nothing is listed: the kernel is asked for the
/// routes through this link, and sysfs for what stands on it.
final class HostUseReader {
  /// Enough to name.
  private static final int MAX_ROUTES = 4;

  private final NetnsAccess host;
  private final PciDevices devices;

  HostUseReader(NetnsAccess host, PciDevices devices) {
    this.host = host;
    this.devices = devices;
  }

  HostUse read(LinkFacts link) throws IOException {
    List<String> uppers = devices.uppersOf(link.name());
    Optional<Integer> vfCount = link.pci().map(devices::vfCount);
    return new HostUse(routes(link.index()), uppers, vfCount.orElse(0));
  }

  /// Those that somebody made. What the kernel keeps for each address and for each link that is up
  /// stands for nothing by itself.
  private List<IpPrefix> routes(int index) throws NetlinkException {
    List<IpPrefix> destinations = new ArrayList<>();
    for (Family family : Family.values()) {
      for (Route route : host.routes().listThrough(family, index)) {
        if (route.type() == Route.TYPE_UNICAST
            && route.protocol() != Route.PROTOCOL_KERNEL
            && destinations.size() < MAX_ROUTES) {
          destinations.add(prefix(route.destination()));
        }
      }
    }
    return destinations;
  }

  private static IpPrefix prefix(Prefix destination) {
    return new IpPrefix(destination.address(), destination.length());
  }
}
