package dev.podbond.bonding.config;

import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.value.MacAddress;
import java.util.Optional;

/// How to set up a VF before it goes into a pod.
///
/// @param settings the settings to make through the PF, the administrative MAC included
/// @param mac the MAC for the VF itself, which is then also its administrative MAC
public record VfConfig(VfSettings settings, Optional<MacAddress> mac) {
  /// Takes the VF as it is.
  public static final VfConfig NONE = new VfConfig(VfSettings.NONE, Optional.empty());
}
