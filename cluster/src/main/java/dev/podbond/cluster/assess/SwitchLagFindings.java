package dev.podbond.cluster.assess;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.cluster.bond.BondNetwork;
import dev.podbond.cluster.sriov.SriovNodeState;
import dev.podbond.cluster.sriov.VfNetwork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Whether all bonds on some PFs need the same of the switch ports there: ports that are joined for
/// one bond are joined for all.
final class SwitchLagFindings {
  /// Companions that are named; of more only their number is said.
  private static final int MOST_NAMES = 5;

  private SwitchLagFindings() {}

  static Optional<Finding> of(
      BondNetwork bond, BondMode mode, List<VfNetwork> members, ClusterSnapshot snapshot) {
    List<Companion> others =
        snapshot.companions().stream()
            .filter(other -> other.mode().switchLag() != mode.switchLag())
            .toList();
    if (others.isEmpty()) {
      return Optional.empty();
    }
    Set<String> resources = members.stream().map(VfNetwork::resource).collect(Collectors.toSet());
    Set<String> mates = new TreeSet<>(resources);
    for (SriovNodeState node : snapshot.nodes()) {
      mates.addAll(node.mates(resources));
    }
    List<Companion> mixed =
        others.stream()
            .filter(other -> other.resources().stream().anyMatch(mates::contains))
            .toList();
    return mixed.isEmpty() ? Optional.empty() : Optional.of(finding(bond, mode, mixed));
  }

  private static Finding finding(BondNetwork bond, BondMode mode, List<Companion> mixed) {
    // Names of other namespaces are not this one's to read.
    List<String> named =
        mixed.stream()
            .filter(other -> other.namespace().equals(bond.namespace()))
            .map(other -> other.name() + " (" + needs(other.mode()) + ")")
            .sorted()
            .toList();
    int elsewhere = mixed.size() - named.size();
    String names =
        named.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
            + (named.size() > MOST_NAMES ? " and " + (named.size() - MOST_NAMES) + " more" : "");
    return new Finding(
        Reason.SWITCH_LAG_MIXED,
        needs(mode)
            + ", and other BondNetworks have VFs of the same PFs and need them otherwise: "
            + names
            + (named.isEmpty() || elsewhere == 0 ? "" : ", and ")
            + (elsewhere == 0 ? "" : elsewhere + " of other namespaces")
            + "; a switch port is one or the other for all, and with the wrong one frames are lost"
            + " or come twice; use modes of one kind on these PFs, or other PFs");
  }

  private static String needs(BondMode mode) {
    return mode + " needs " + mode.switchLag().phrase();
  }
}
