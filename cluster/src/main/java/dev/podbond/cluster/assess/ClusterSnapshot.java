package dev.podbond.cluster.assess;

import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.bond.BondRules;
import dev.podbond.cluster.claim.ClusterClaims;
import dev.podbond.cluster.sriov.SriovNodeState;
import dev.podbond.cluster.sriov.VfNetwork;
import dev.podbond.cluster.sriov.VfPolicy;
import dev.podbond.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The observed objects on which a BondNetwork depends.
///
/// @param networks its members' networks, by the path of the network attachment, "demo/sriovnet1"
/// @param policies all policies
/// @param nodes all nodes; empty if no operator reports them
/// @param rendered the existing network attachments of the members and of the bond, by path
/// @param rules what a BondNetwork may do
/// @param claims what is known of dynamic resource allocation
/// @param companions other BondNetworks, at least those that need other switch ports and may use
///   the same PFs
public record ClusterSnapshot(
    Map<String, VfNetwork> networks,
    List<VfPolicy> policies,
    List<SriovNodeState> nodes,
    Map<String, JsonObject> rendered,
    DeviceUsage usage,
    ClusterNames names,
    BondRules rules,
    ClusterClaims claims,
    List<Companion> companions) {
  public ClusterSnapshot {
    networks = Map.copyOf(networks);
    policies = List.copyOf(policies);
    nodes = List.copyOf(nodes);
    rendered = Map.copyOf(rendered);
    companions = List.copyOf(companions);
  }

  Optional<VfNetwork> network(BondNetwork bond, String member) {
    return Optional.ofNullable(networks.get(bond.namespace() + "/" + member));
  }

  /// The name under which Multus knows a network's devices, prefix included.
  String device(VfNetwork network) {
    return names
        .device(Optional.ofNullable(rendered.get(network.attachment())), () -> Optional.of(network))
        .orElseThrow();
  }

  List<VfPolicy> policies(String resource) {
    return policies.stream().filter(policy -> policy.resource().equals(resource)).toList();
  }
}
