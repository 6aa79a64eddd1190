package dev.podbond.cluster.assess;

import dev.podbond.bonding.redundancy.Failure;
import dev.podbond.cluster.bond.Allocation;
import dev.podbond.cluster.bond.BondAttachment;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.claim.ClaimTemplate;
import dev.podbond.cluster.claim.ClusterClaims;
import dev.podbond.cluster.claim.NodeDevices;
import dev.podbond.cluster.claim.PodRoom;
import dev.podbond.cluster.claim.SriovDriver;
import dev.podbond.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What stands against a bond whose pods claim its VFs by dynamic resource allocation, and which
/// nodes can serve it.
final class ClaimFindings {
  private final BondNetwork bond;
  private final Allocation.Dra dra;
  private final List<String> resources;
  private final List<Finding> findings = new ArrayList<>();
  private final List<NodeCapacity> nodes = new ArrayList<>();
  private Optional<ClaimTemplate> template = Optional.empty();

  private ClaimFindings(BondNetwork bond, Allocation.Dra dra, List<String> resources) {
    this.bond = bond;
    this.dra = dra;
    this.resources = resources;
  }

  /// @param resources the names under which Multus knows the members' devices, in the order of the
  ///   members
  static ClaimFindings of(
      BondNetwork bond, Allocation.Dra dra, List<String> resources, ClusterClaims claims) {
    ClaimFindings result = new ClaimFindings(bond, dra, resources);
    switch (claims) {
      case ClusterClaims.Disabled _ ->
          result.findings.add(
              new Finding(
                  Reason.DRA_NOT_ENABLED,
                  "spec.allocation is dra, and this cluster's podbond makes no"
                      + " ResourceClaimTemplates; install the chart with dra.enabled: true, or"
                      + " leave spec.allocation out"));
      case ClusterClaims.Enabled enabled -> result.judge(enabled);
    }
    return result;
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  /// The nodes that can serve the bond, by name.
  List<NodeCapacity> nodes() {
    return List.copyOf(nodes);
  }

  /// The template to apply; empty if there is to be none.
  Optional<ClaimTemplate> template() {
    return template;
  }

  private void judge(ClusterClaims.Enabled claims) {
    if (!claims.rules().comparesDevices()) {
      incomparable().ifPresent(findings::add);
    }
    if (findings.isEmpty()) {
      ClaimTemplate wanted = ClaimTemplate.of(bond, dra, resources, claims.rules());
      if (isTaken(claims.templates(), wanted)) {
        findings.add(
            new Finding(
                Reason.NAME_TAKEN,
                "a ResourceClaimTemplate "
                    + wanted.path()
                    + " exists that is not this BondNetwork's; delete it"));
      } else {
        template = Optional.of(wanted);
      }
      judgeNodes(claims.nodes(), wanted.distinct());
    }
  }

  private boolean isTaken(Map<String, JsonObject> templates, ClaimTemplate wanted) {
    return Optional.ofNullable(templates.get(wanted.path()))
        .filter(existing -> !BondAttachment.isOwnedBy(existing, bond))
        .isPresent();
  }

  /// What nobody can ask this scheduler for.
  private Optional<Finding> incomparable() {
    String remedy =
        "; that takes Kubernetes 1.36, or 1.35 with the feature gate"
            + " DRAConsumableCapacity and the chart's value dra.distinctAttribute: true";
    if (dra.distinct() == Allocation.Distinct.CARD) {
      return Optional.of(
          new Finding(
              Reason.DISTINCT_UNAVAILABLE,
              "the members are to be of different cards (spec."
                  + (bond.survive().contains(Failure.CARD) && bond.members().size() == 2
                      ? "survive"
                      : "distinct")
                  + "), and this cluster's scheduler cannot compare the cards of two VFs"
                  + remedy
                  + ". Otherwise leave it out"));
    }
    Set<String> seen = new HashSet<>();
    return resources.stream()
        .filter(resource -> !seen.add(resource))
        .findFirst()
        .map(resource ->
            new Finding(
                Reason.DISTINCT_UNAVAILABLE,
                "two members are VFs of the resource "
                    + resource
                    + ", and this cluster's scheduler cannot compare the PFs of two VFs, so both"
                    + " can come from one PF and fail together"
                    + remedy
                    + ". Otherwise make one resource for each PF"));
  }

  private void judgeNodes(List<NodeDevices> all, Optional<Allocation.Distinct> distinct) {
    if (all.isEmpty()) {
      findings.add(
          new Finding(
              Reason.NO_DEVICES,
              "no ResourceSlice of the driver "
                  + SriovDriver.NAME
                  + " tells of a node's VFs; does it run, and does a SriovResourcePolicy advertise"
                  + " them?"));
      return;
    }
    PodRoom room = new PodRoom(resources, distinct, dra.sameNumaNode());
    List<Finding> samePf = new ArrayList<>();
    for (NodeDevices node : all) {
      int pods = room.pods(node, NodeDevices.Group::devices);
      Set<String> shared = distinct.isPresent() ? Set.of() : sharedPfs(node);
      if (pods > 0 && shared.isEmpty()) {
        nodes.add(new NodeCapacity(node.node(), pods, room.pods(node, NodeDevices.Group::free)));
      } else if (pods > 0) {
        samePf.add(new Finding(Reason.NODE_UNUSABLE, sharing(node, shared)));
      }
    }
    conclude(all.size(), samePf, distinct);
  }

  private void conclude(int all, List<Finding> samePf, Optional<Allocation.Distinct> distinct) {
    if (!nodes.isEmpty()) {
      findings.addAll(samePf);
      if (nodes.stream().allMatch(node -> node.podsLeft() == 0)) {
        findings.add(
            new Finding(
                Reason.NO_CAPACITY,
                "the free VFs suffice for another pod on none of the "
                    + nodes.size()
                    + " nodes that can serve the bond; make more VFs, or delete pods"));
      }
    } else if (!samePf.isEmpty()) {
      samePf.forEach(finding -> findings.add(new Finding(Reason.SAME_PF, finding.message())));
    } else {
      // A driver that restarts tells of no devices for a while: pods may wait for them.
      findings.add(
          new Finding(
              Reason.NO_DEVICES,
              "none of the "
                  + all
                  + " nodes with ResourceSlices of "
                  + SriovDriver.NAME
                  + " has "
                  + wanted(distinct)
                  + "; does the driver run on the others, and do the attributes"
                  + " k8s.cni.cncf.io/resourceName"
                  + distinct.map(by -> " and " + NodeDevices.attribute(by)).orElse("")
                  + " of the devices say so?"));
    }
  }

  /// As "2 VFs of openshift.io/storage, each of another PF, all of one NUMA node".
  private String wanted(Optional<Allocation.Distinct> distinct) {
    Map<String, Integer> need = new TreeMap<>();
    resources.forEach(resource -> need.merge(resource, 1, Integer::sum));
    return need.entrySet().stream()
            .map(one ->
                (one.getValue() == 1 ? "a VF" : one.getValue() + " VFs") + " of " + one.getKey())
            .collect(Collectors.joining(" and "))
        + distinct
            .map(by ->
                switch (by) {
                  case PF -> ", each of another PF";
                  case CARD -> ", each below another PCIe root";
                })
            .orElse("")
        + (dra.sameNumaNode() ? ", all of one NUMA node" : "");
  }

  /// PFs that can give the VFs of two members with different resources.
  private Set<String> sharedPfs(NodeDevices node) {
    Map<String, Set<String>> resourcesOf = new TreeMap<>();
    node.groups().stream()
        .filter(group -> resources.contains(group.resource()) && !group.pf().isEmpty())
        .forEach(group ->
            resourcesOf.computeIfAbsent(group.pf(), _ -> new TreeSet<>()).add(group.resource()));
    return resourcesOf.entrySet().stream()
        .filter(pf -> pf.getValue().size() > 1)
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String sharing(NodeDevices node, Set<String> shared) {
    return "node "
        + node.node()
        + ": the resources "
        + resources.stream().sorted().collect(Collectors.joining(" and "))
        + " both have VFs of PF "
        + String.join(", ", shared)
        + ", so both members can come from it and fail together; give each PF one resourceName in"
        + " the driver's policies";
  }
}
