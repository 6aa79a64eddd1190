package dev.podbond.bonding.facts;

import dev.podbond.value.IpPrefix;
import java.util.List;

/// What the node itself does with one of its links, its addresses aside: all that would go with the
/// link into a pod and not come back.
///
/// @param routes destinations of routes through it, in whatever table; the first few
/// @param uppers links that stand on it, as VLANs and macvlans do
/// @param vfCount how many VFs it has of its own
public record HostUse(List<IpPrefix> routes, List<String> uppers, int vfCount) {
  /// The node does nothing with it.
  public static final HostUse NONE = new HostUse(List.of(), List.of(), 0);

  public HostUse {
    routes = List.copyOf(routes);
    uppers = List.copyOf(uppers);
  }
}
