package dev.podbond.cli.bond;

import dev.podbond.cluster.observed.Health;
import java.util.Comparator;
import java.util.List;

/// The bonds of one node.
///
/// @param node its name; may be empty if it is the only one
public record NodeBonds(String node, List<KnownBond> bonds) {
  public NodeBonds {
    bonds = List.copyOf(bonds);
  }

  Health worst() {
    return bonds.stream()
        .map(KnownBond::health)
        .min(Comparator.naturalOrder())
        .orElse(Health.HEALTHY);
  }
}
