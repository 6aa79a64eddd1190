package dev.podbond.cluster.claim;

import dev.podbond.json.JsonObject;
import java.util.List;
import java.util.Map;

/// What is known of dynamic resource allocation in a cluster.
public sealed interface ClusterClaims {
  /// The cluster's owner has not enabled it.
  record Disabled() implements ClusterClaims {}

  /// It may be used.
  ///
  /// @param templates the metadata of the existing ResourceClaimTemplates that a bond's may collide
  ///   with, by path
  /// @param nodes the nodes with devices of the driver
  record Enabled(ClaimRules rules, Map<String, JsonObject> templates, List<NodeDevices> nodes)
      implements ClusterClaims {
    public Enabled {
      templates = Map.copyOf(templates);
      nodes = List.copyOf(nodes);
    }
  }
}
