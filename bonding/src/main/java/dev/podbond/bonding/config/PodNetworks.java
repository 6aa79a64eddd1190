package dev.podbond.bonding.config;

import java.util.Set;

/// What is known of a pod's networks when one of them is attached.
///
/// @param standing the position of this one
/// @param otherNames the present and future names of the other interfaces
public record PodNetworks(Standing standing, Set<String> otherNames) {
  /// Nothing is known.
  public static final PodNetworks UNKNOWN = new PodNetworks(Standing.UNKNOWN, Set.of());

  public PodNetworks {
    otherNames = Set.copyOf(otherNames);
  }
}
