package dev.podbond.bonding.config;

import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.value.MacAddress;
import java.util.Optional;

/// How a VF is to be set up before it goes into a pod.
///
/// @param settings what to set through the PF, the administrative MAC included
/// @param mac the MAC to give the VF itself; then also its administrative one
public record VfConfig(VfSettings settings, Optional<MacAddress> mac) {
  /// Takes the VF as it is.
  public static final VfConfig NONE = new VfConfig(VfSettings.NONE, Optional.empty());
}
