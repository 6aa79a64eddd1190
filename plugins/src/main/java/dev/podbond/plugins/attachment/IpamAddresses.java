package dev.podbond.plugins.attachment;

import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.plan.AssignedIp;
import dev.podbond.cni.spec.CniIp;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniRoute;
import dev.podbond.value.IpPrefix;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The addresses and routes of an IPAM result, in the core's terms.
public record IpamAddresses(List<AssignedIp> ips, List<Route> routes) {
  /// No addresses.
  public static final IpamAddresses NONE = new IpamAddresses(List.of(), List.of());

  /// The addresses and routes of a result.
  public static IpamAddresses of(CniResult result) {
    return new IpamAddresses(
        result.ips().stream().map(IpamAddresses::assigned).toList(),
        result.routes().stream().map(IpamAddresses::route).toList());
  }

  /// The addresses with the lengths of their prefixes.
  public List<IpPrefix> prefixes() {
    return ips.stream().map(AssignedIp::address).toList();
  }

  private static AssignedIp assigned(CniIp ip) {
    return new AssignedIp(prefix(ip.address()), ip.gateway());
  }

  private static Route route(CniRoute route) {
    return new Route(
        prefix(route.dst()),
        route.gw(),
        route.mtu(),
        route.advmss(),
        unsigned(route.priority()),
        unsigned(route.table()),
        route.scope());
  }

  private static IpPrefix prefix(dev.podbond.value.IpPrefix prefix) {
    return new IpPrefix(prefix.address(), prefix.length());
  }

  /// The kernel's u32 in the int that carries its bits.
  private static OptionalInt unsigned(OptionalLong value) {
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }
}
