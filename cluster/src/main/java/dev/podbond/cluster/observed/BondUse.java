package dev.podbond.cluster.observed;

import java.util.List;
import java.util.Optional;

/// A BondNetwork that a pod asked for.
///
/// @param network its `namespace/name`
/// @param interfaceName of the bond in the pod; "" if the pod names none
public record BondUse(String network, String interfaceName) {
  /// The pod's bond that came of it.
  ///
  /// @param bonds all that the node reports of the pod
  Optional<ObservedBond> among(List<ObservedBond> bonds) {
    return bonds.stream()
        .filter(bond ->
            interfaceName.isEmpty()
                ? bond.network().equals(network)
                : bond.bond().equals(interfaceName))
        .findFirst();
  }
}
