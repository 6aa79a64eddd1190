package dev.podbond.cluster.assess;

import dev.podbond.bonding.option.BondMode;
import java.util.Set;

/// Another BondNetwork, whose VFs may be of the same PFs.
///
/// @param resources of its members, without a prefix
public record Companion(String namespace, String name, BondMode mode, Set<String> resources) {
  /// Copies the set.
  public Companion {
    resources = Set.copyOf(resources);
  }
}
