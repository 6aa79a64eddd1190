package dev.podbond.cluster.assess;

import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.sriov.SriovNodeState;
import dev.podbond.cluster.sriov.VfNetwork;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Which nodes can serve a bond, and why the others cannot.
final class NodeFindings {
  private final List<VfNetwork> members;
  private final ClusterSnapshot snapshot;
  private final List<Finding> findings = new ArrayList<>();
  private final List<NodeCapacity> nodes = new ArrayList<>();

  private final CardDemand cards;

  private NodeFindings(BondNetwork bond, List<VfNetwork> members, ClusterSnapshot snapshot) {
    this.members = members;
    this.snapshot = snapshot;
    this.cards = new CardDemand(bond, resources().keySet());
  }

  static NodeFindings of(BondNetwork bond, List<VfNetwork> members, ClusterSnapshot snapshot) {
    NodeFindings result = new NodeFindings(bond, members, snapshot);
    result.judge();
    return result;
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  /// The nodes that can serve the bond, by name.
  List<NodeCapacity> nodes() {
    return List.copyOf(nodes);
  }

  private void judge() {
    List<SriovNodeState> offering =
        snapshot.nodes().stream().filter(this::hasEveryResource).toList();
    List<Finding> samePf = new ArrayList<>();
    List<SriovNodeState> serving = new ArrayList<>();
    for (SriovNodeState node : offering) {
      node.syncError()
          .ifPresent(error ->
              findings.add(
                  new Finding(
                      Reason.NODE_NOT_SYNCED,
                      "node "
                          + node.node()
                          + ": the SR-IOV daemon could not set it up: "
                          + error
                          + "; see SriovNetworkNodeState "
                          + node.node())));
      Set<String> shared = sharedPfs(node);
      if (shared.isEmpty()) {
        if (cards.isMetBy(node)) {
          nodes.add(capacity(node));
          serving.add(node);
        }
      } else {
        samePf.add(new Finding(Reason.NODE_UNUSABLE, sharing(node, shared)));
      }
    }
    nodes.sort(Comparator.comparing(NodeCapacity::node));
    findings.addAll(cards.findings(!snapshot.nodes().isEmpty()));
    conclude(samePf);
    CardFindings.of(members, serving).ifPresent(findings::add);
  }

  private void conclude(List<Finding> samePf) {
    if (!nodes.isEmpty()) {
      findings.addAll(samePf);
      if (nodes.stream().allMatch(node -> node.podsLeft() == 0)) {
        findings.add(
            new Finding(
                Reason.NO_CAPACITY,
                "no VFs are left for another pod on any of the "
                    + nodes.size()
                    + " nodes that can serve the bond; raise numVfs in the policies, or delete"
                    + " pods"));
      }
      return;
    }
    if (!samePf.isEmpty()) {
      Reason reason = cards.isImpossible() ? Reason.NODE_UNUSABLE : Reason.SAME_PF;
      samePf.forEach(finding -> findings.add(new Finding(reason, finding.message())));
    } else if (!cards.isImpossible() && !snapshot.nodes().isEmpty()) {
      findings.add(
          new Finding(
              Reason.NO_NODE,
              "none of the "
                  + snapshot.nodes().size()
                  + " nodes has VFs of "
                  + resources().keySet().stream().collect(Collectors.joining(" and "))
                  + "; see the nodeSelector and nicSelector of their policies"));
    }
  }

  private boolean hasEveryResource(SriovNodeState node) {
    return resources().keySet().stream().allMatch(resource -> node.vfCount(resource) > 0);
  }

  /// PFs that can give the VFs of two members with different resources.
  private Set<String> sharedPfs(SriovNodeState node) {
    Set<String> seen = new TreeSet<>();
    Set<String> shared = new TreeSet<>();
    for (String resource : resources().keySet()) {
      for (String pf : node.pfs(resource)) {
        if (!seen.add(pf)) {
          shared.add(pf);
        }
      }
    }
    return shared;
  }

  private String sharing(SriovNodeState node, Set<String> shared) {
    return "node "
        + node.node()
        + ": the resources "
        + String.join(" and ", resources().keySet())
        + " both have VFs of PF "
        + String.join(", ", shared)
        + ", so both members can come from it and fail together; select different PFs in"
        + " nicSelector.pfNames of their policies";
  }

  private NodeCapacity capacity(SriovNodeState node) {
    int pods = Integer.MAX_VALUE;
    int left = Integer.MAX_VALUE;
    for (Map.Entry<String, Integer> need : resources().entrySet()) {
      int vfs = node.vfCount(need.getKey());
      int used = snapshot.usage().used(node.node(), snapshot.names().qualified(need.getKey()));
      pods = Math.min(pods, vfs / need.getValue());
      left = Math.min(left, Math.max(0, vfs - used) / need.getValue());
    }
    return new NodeCapacity(node.node(), pods, left);
  }

  /// How many devices of each resource one pod takes.
  private Map<String, Integer> resources() {
    Map<String, Integer> need = new TreeMap<>();
    members.forEach(member -> need.merge(member.resource(), 1, Integer::sum));
    return need;
  }
}
