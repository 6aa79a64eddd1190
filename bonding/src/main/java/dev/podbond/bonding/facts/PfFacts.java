package dev.podbond.bonding.facts;

import dev.podbond.bonding.redundancy.Cabling;
import dev.podbond.bonding.redundancy.PfPlace;
import dev.podbond.value.PciAddress;
import java.util.Optional;

/// A physical function as observed on the host.
///
/// @param up administratively up
/// @param carrier whether its cable has a link
/// @param cabling the host bond it is a member of, and what it is plugged into
/// @param switchId the switch inside its card, if it is in a host bond and its driver tells
public record PfFacts(
    String name,
    PciAddress pci,
    boolean up,
    boolean carrier,
    int mtuBytes,
    Cabling cabling,
    Optional<String> switchId) {
  /// A PF of which no more is known.
  ///
  /// @param bond the host bond it is a member of
  public PfFacts(
      String name,
      PciAddress pci,
      boolean up,
      boolean carrier,
      int mtuBytes,
      Optional<String> bond) {
    this(
        name,
        pci,
        up,
        carrier,
        mtuBytes,
        new Cabling(bond, Optional.empty(), Optional.empty()),
        Optional.empty());
  }

  /// The host bond it is a member of.
  public Optional<String> bond() {
    return cabling.hostBond();
  }

  /// Where it is, as far as this tells.
  public PfPlace place() {
    return new PfPlace(
        pci, Optional.empty(), switchId, Optional.empty(), Optional.empty(), cabling);
  }
}
