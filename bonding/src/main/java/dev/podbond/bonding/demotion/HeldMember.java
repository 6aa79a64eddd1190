package dev.podbond.bonding.demotion;

import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.value.PciAddress;
import java.time.Instant;
import java.util.Optional;

/// A member of a bond that was demoted.
///
/// @param name as the bond was made with it
/// @param pci the PCI function behind it
/// @param pf the PF whose uplink is bad
/// @param why in words
/// @param at when
public record HeldMember(
    String name, Optional<PciAddress> pci, PciAddress pf, String why, Instant at, Held held) {
  /// Whether it is this member of the bond.
  boolean is(ConfiguredMember member) {
    return name.equals(member.name()) && pci.equals(member.pci());
  }
}
