package dev.podbond.cluster.assess;

import dev.podbond.cluster.sriov.SriovNodeState;
import dev.podbond.cluster.sriov.VfNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Whether all members of a bond can come from one card, by the PCI addresses of PFs alone: only
/// the node's agent knows more. Members of one resource are [Reason#SAME_PF].
final class CardFindings {
  /// Nodes that are named; of more only their number is said.
  private static final int MOST_NAMES = 10;

  private CardFindings() {}

  /// The first few places in one text.
  static String named(List<String> places) {
    return places.stream().limit(MOST_NAMES).collect(Collectors.joining("; "))
        + (places.size() > MOST_NAMES ? "; and more" : "");
  }

  /// What is found on the nodes that can serve the bond.
  static Optional<Finding> of(List<VfNetwork> members, List<SriovNodeState> nodes) {
    Set<String> resources = members.stream().map(VfNetwork::resource).collect(Collectors.toSet());
    if (resources.size() < 2) {
      return Optional.empty();
    }
    List<String> places = new ArrayList<>();
    for (SriovNodeState node : nodes) {
      Set<String> shared = shared(node, resources);
      if (!shared.isEmpty()) {
        places.add(node.node() + " (" + String.join(", ", shared) + ")");
      }
    }
    return places.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                Reason.SAME_CARD,
                "on "
                    + places.size()
                    + " of "
                    + nodes.size()
                    + " nodes the VFs of all members can come from one card: "
                    + named(places)
                    + "; such a bond survives a cable and a port, and not the card; if it has to,"
                    + " select PFs of different cards in the nicSelector of its policies"));
  }

  /// The PCI devices that have a PF for every member.
  static Set<String> shared(SriovNodeState node, Set<String> resources) {
    Set<String> shared = new TreeSet<>();
    boolean first = true;
    for (String resource : resources) {
      if (first) {
        shared.addAll(node.cards(resource));
      } else {
        shared.retainAll(node.cards(resource));
      }
      first = false;
    }
    return shared;
  }
}
