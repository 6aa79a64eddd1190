package dev.podbond.bonding.facts;

import dev.podbond.bonding.net.PciAddress;

/// A VF as its PF knows it.
///
/// @param pf the PF's interface on the host
/// @param index which of the PF's VFs: n in `virtfn<n>`
public record VfRef(String pf, int index, PciAddress pci) {
  @Override
  public String toString() {
    return "VF " + index + " (" + pci + ") of PF " + pf;
  }
}
