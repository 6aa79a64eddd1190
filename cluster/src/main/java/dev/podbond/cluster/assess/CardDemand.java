package dev.podbond.cluster.assess;

import dev.podbond.bonding.redundancy.Failure;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.sriov.SriovNodeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Which nodes give a bond that is to survive a card members of different cards, whichever VFs a
/// device plugin hands out; by the PCI addresses of PFs alone.
final class CardDemand {
  private final boolean isAsked;
  private final Set<String> resources;
  private final List<String> oneCard = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();
  private int nodes;

  CardDemand(BondNetwork bond, Set<String> resources) {
    this.isAsked = bond.survive().contains(Failure.CARD);
    this.resources = resources;
  }

  /// Whether a node that can serve the bond can serve it so. One of which that is not known can.
  boolean isMetBy(SriovNodeState node) {
    nodes++;
    if (!isAsked) {
      return true;
    }
    Set<String> shared = CardFindings.shared(node, resources);
    if (!shared.isEmpty()) {
      oneCard.add(node.node() + " (" + String.join(", ", shared) + ")");
      return false;
    }
    if (!node.knowsCards(resources)) {
      unknown.add(node.node());
    }
    return true;
  }

  /// Whether no node can serve the bond for this alone.
  boolean isImpossible() {
    return nodes > 0 && oneCard.size() == nodes;
  }

  /// What is found once all nodes were asked.
  ///
  /// @param isTold whether anybody tells of nodes
  List<Finding> findings(boolean isTold) {
    List<Finding> findings = new ArrayList<>();
    if (!oneCard.isEmpty()) {
      findings.add(
          new Finding(
              isImpossible() ? Reason.SURVIVAL_IMPOSSIBLE : Reason.SURVIVAL_UNMET,
              "spec.survive has card, and on "
                  + oneCard.size()
                  + " of "
                  + nodes
                  + " nodes the VFs of all members can come from one card: "
                  + CardFindings.named(oneCard)
                  + "; select PFs of different cards in the nicSelector of the policies, keep the"
                  + " policies off these nodes, or leave card out"));
    }
    if (!unknown.isEmpty()) {
      findings.add(
          new Finding(
              Reason.SURVIVAL_UNPROVEN,
              "spec.survive has card, and nobody can tell whether the PFs of the members are on"
                  + " different cards on "
                  + CardFindings.named(unknown)
                  + ": SriovNetworkNodeStates there have no pciAddress of each PF"));
    } else if (isAsked && !isTold) {
      findings.add(
          new Finding(
              Reason.SURVIVAL_UNPROVEN,
              "spec.survive has card, and no SriovNetworkNodeState tells on which cards the PFs of"
                  + " the members are"));
    }
    return findings;
  }
}
