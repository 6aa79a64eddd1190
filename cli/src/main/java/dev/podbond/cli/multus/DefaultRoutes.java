package dev.podbond.cli.multus;

import dev.podbond.cluster.multus.NetworkSelection;
import dev.podbond.cluster.multus.SelectionException;
import dev.podbond.cni.spec.CniInterface;
import dev.podbond.cni.spec.CniIp;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.CniRoute;
import dev.podbond.value.IpPrefix;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The effect of `default-route` in an annotation, by Multus' rules: in the whole pod, the default
/// routes of a gateway's family are replaced by one through that gateway.
///
/// @param gateways for each network in order, at most one of either family
public record DefaultRoutes(List<List<InetAddress>> gateways) {
  public DefaultRoutes {
    gateways = gateways.stream().map(List::copyOf).toList();
  }

  /// The requests of a pod's networks.
  ///
  /// @throws SelectionException for a second gateway of one family, which Multus refuses as well
  public static DefaultRoutes of(List<NetworkSelection> networks) throws SelectionException {
    Map<Boolean, String> askedBy = new HashMap<>();
    List<List<InetAddress>> gateways = new ArrayList<>();
    for (NetworkSelection network : networks) {
      gateways.add(network.requests().defaultRoute());
      for (InetAddress gateway : gateways.getLast()) {
        Optional<String> other = Optional.ofNullable(askedBy.put(isIpv4(gateway), network.path()));
        if (other.isPresent()) {
          throw new SelectionException(
              "networks "
                  + other.get()
                  + " and "
                  + network.path()
                  + " both give a default-route of one family; there can be one, so leave one out");
        }
      }
    }
    return new DefaultRoutes(gateways);
  }

  /// A default route to make in a pod.
  ///
  /// @param link the interface, by its name in the pod
  public record Wanted(String link, InetAddress gateway) {}

  /// The default routes to make.
  ///
  /// @param delegates the networks as attached, with their results
  public List<Wanted> wanted(List<Delegate> delegates, List<CniResult> results) {
    List<Wanted> wanted = new ArrayList<>();
    for (int i = 0; i < gateways.size(); i++) {
      for (InetAddress gateway : gateways.get(i)) {
        wanted.add(new Wanted(link(delegates.get(i), results.get(i)), gateway));
      }
    }
    return List.copyOf(wanted);
  }

  /// A network's result after these routes are made.
  ///
  /// @param index of the network
  public CniResult applied(int index, CniResult result) {
    List<CniRoute> routes = new ArrayList<>();
    for (CniRoute route : result.routes()) {
      boolean replaced =
          route.dst().length() == 0
              && gateways.stream()
                  .flatMap(List::stream)
                  .anyMatch(gateway -> isIpv4(gateway) == isIpv4(route.dst().address()));
      if (!replaced) {
        routes.add(route);
      }
    }
    for (InetAddress gateway : gateways.get(index)) {
      routes.add(CniRoute.of(everywhere(gateway), Optional.of(gateway)));
    }
    return result.withRoutes(routes);
  }

  /// The interface that has the addresses; otherwise the last interface in the pod.
  private static String link(Delegate delegate, CniResult result) {
    for (CniIp ip : result.ips()) {
      int index = ip.interfaceIndex().orElse(-1);
      if (index >= 0 && index < result.interfaces().size()) {
        return result.interfaces().get(index).name();
      }
    }
    return result.interfaces().reversed().stream()
        .filter(link -> link.sandbox().isPresent())
        .map(CniInterface::name)
        .findFirst()
        .orElse(delegate.ifname());
  }

  /// All addresses of the family of one.
  public static IpPrefix everywhere(InetAddress family) {
    return new IpPrefix(InetAddress.ofLiteral(isIpv4(family) ? "0.0.0.0" : "::"), 0);
  }

  private static boolean isIpv4(InetAddress address) {
    return address instanceof Inet4Address;
  }
}
