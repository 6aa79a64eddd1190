package dev.podbond.netlink.ip;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/// One next hop of a route.
///
/// @param linkIndex the interface; empty if the kernel finds it from the gateway
/// @param gateway the router; empty if the destination is on the link
/// @param weight 1 to 256: its share among the next hops of the route
/// @param onLink whether the kernel treats the gateway as on the link although no address of the
///   link covers it
public record NextHop(
    OptionalInt linkIndex, Optional<InetAddress> gateway, int weight, boolean onLink) {
  private static final int MAX_WEIGHT = 256;

  /// Refuses weights that the wire cannot carry.
  public NextHop {
    if (weight < 1 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException("weight " + weight + " is not in 1.." + MAX_WEIGHT);
    }
  }

  /// Straight onto an interface.
  public static NextHop link(int linkIndex) {
    return new NextHop(OptionalInt.of(linkIndex), Optional.empty(), 1, false);
  }

  /// Through a router on an interface.
  public static NextHop gateway(InetAddress gateway, int linkIndex) {
    return new NextHop(OptionalInt.of(linkIndex), Optional.of(gateway), 1, false);
  }
}
