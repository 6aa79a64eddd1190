package dev.podbond.cluster.pod;

import dev.podbond.cluster.assess.Assessment;
import java.util.Optional;

/// The networks that pods may ask for.
public interface ClusterNetworks {
  /// Whether there is a BondNetwork of this name, as far as that is known without looking for it.
  boolean isKnownBond(String namespace, String name);

  /// The BondNetwork of this name, assessed; empty if there is none.
  Optional<Assessment> bond(String namespace, String name);

  /// The device resource that a network takes from, prefix included; empty if it takes none.
  Optional<String> resource(String namespace, String name);
}
