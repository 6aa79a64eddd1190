package dev.podbond.metrics;

import dev.podbond.bonding.state.BondState;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.value.LinkTraffic;
import java.util.List;
import java.util.Map;

/// One bond at the time of an answer.
///
/// @param namespace the pod's namespace; empty outside Kubernetes
/// @param pod the pod's name, otherwise its container's id
/// @param network the name in the network's configuration
/// @param configured the members that the bond was made with
/// @param activeChanges how often its active member has changed
/// @param changedMillis when its state last changed, in milliseconds since 1970
/// @param traffic what links in it have carried, by name, as far as it was asked for
public record BondReading(
    String namespace,
    String pod,
    String network,
    BondState state,
    List<ConfiguredMember> configured,
    long activeChanges,
    long changedMillis,
    Map<String, LinkTraffic> traffic) {
  /// Copies list and map.
  public BondReading {
    configured = List.copyOf(configured);
    traffic = Map.copyOf(traffic);
  }
}
