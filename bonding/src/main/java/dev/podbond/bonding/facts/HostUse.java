package dev.podbond.bonding.facts;

import dev.podbond.value.IpPrefix;
import java.util.List;

/// What the node itself uses one of its links for, addresses aside. The node would lose all of it
/// if the link moved into a pod, and it would not come back.
///
/// @param routes destinations of routes through it, in any table; only the first few
/// @param uppers links on top of it, such as VLANs and macvlans
/// @param vfCount how many VFs it has of its own
public record HostUse(List<IpPrefix> routes, List<String> uppers, int vfCount) {
  /// The node does not use the link.
  public static final HostUse NONE = new HostUse(List.of(), List.of(), 0);

  public HostUse {
    routes = List.copyOf(routes);
    uppers = List.copyOf(uppers);
  }
}
