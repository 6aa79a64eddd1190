package dev.podbond.cluster.pod;

import dev.podbond.cluster.assess.Assessment;
import java.util.Optional;

/// The networks that pods may request.
public interface ClusterNetworks {
  /// Whether a BondNetwork of this name is known already, without a lookup.
  boolean isKnownBond(String namespace, String name);

  /// The BondNetwork of this name, assessed; empty if there is none.
  Optional<Assessment> bond(String namespace, String name);

  /// The device resource of a network, prefix included; empty if it takes no device.
  Optional<String> resource(String namespace, String name);

  /// Whether somebody tells in pods' conditions how their bonds are.
  boolean hasConditions();
}
