package dev.podbond.bonding.preflight;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.bonding.option.OptionValue;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/// Whether ARP and NS monitoring can get an answer, judged by the bond's addresses and routes.
///
/// The kernel looks each target up in the pod's routing table (`bond_arp_send_all`,
/// `bond_ns_send_all` in drivers/net/bonding/bond_main.c). If the route leads out of another
/// interface, the kernel sends no ARP probe at all; a pod's default route usually does. If there is
/// no route, the kernel probes without a source address, and with arpValidate accepts no answer.
/// Without answers all members are down.
final class TargetRules {
  private TargetRules() {}

  static Stream<Finding> check(
      BondConfig config, BondNames names, List<IpPrefix> addresses, List<Route> routes) {
    if (!(config.options().get(BondOption.ARP_INTERVAL).orElse(null)
            instanceof OptionValue.Number(long interval))
        || interval == 0) {
      return Stream.empty();
    }
    return Stream.of(BondOption.ARP_IP_TARGET, BondOption.NS_IP6_TARGET)
        .flatMap(option ->
            targets(config, option)
                .flatMap(target -> finding(option, target, names, addresses, routes)));
  }

  private static Stream<InetAddress> targets(BondConfig config, BondOption option) {
    return config.options().get(option).orElse(null)
            instanceof OptionValue.Targets(List<InetAddress> addresses)
        ? addresses.stream()
        : Stream.empty();
  }

  private static Stream<Finding> finding(
      BondOption option,
      InetAddress target,
      BondNames names,
      List<IpPrefix> addresses,
      List<Route> routes) {
    if (addresses.stream().anyMatch(own -> own.address().equals(target))) {
      return Stream.of(
          Finding.warning(
              option.key(),
              IpText.format(target)
                  + " is the bond's own address, which no link of it can ever reach; name a"
                  + " neighbour, such as the gateway"));
    }
    // The kernel gives each interface a link-local address and a route to its neighbours.
    boolean reached =
        (target instanceof Inet6Address && target.isLinkLocalAddress())
            || addresses.stream().anyMatch(own -> own.contains(target))
            || routes.stream().anyMatch(route -> route.destination().contains(target));
    return reached
        ? Stream.empty()
        : Stream.of(
            Finding.warning(
                option.key(),
                IpText.format(target)
                    + " is in no subnet and on no route of bond "
                    + names.name()
                    + ", whose addresses are "
                    + addresses
                    + ": unless the pod gets a route to it, no probe is answered and every member"
                    + " is taken for dead; name a neighbour in the bond's subnet, or use miimon"));
  }
}
