package dev.podbond.bonding.config;

import java.util.Set;

/// What is known of the networks of a pod when one of them is attached.
///
/// @param standing where this one stands
/// @param otherNames how the interfaces of the others are or will be called
public record PodNetworks(Standing standing, Set<String> otherNames) {
  /// Nothing is known.
  public static final PodNetworks UNKNOWN = new PodNetworks(Standing.UNKNOWN, Set.of());

  public PodNetworks {
    otherNames = Set.copyOf(otherNames);
  }
}
