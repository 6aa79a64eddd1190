package dev.podbond.bonding.facts;

import dev.podbond.value.PciAddress;

/// A VF as its PF knew it when it was observed. Only the PCI address identifies it: to change the
/// VF, we look its PF up again. The rest is for people to read.
///
/// @param pf the PF's interface on the host; its name may have changed since
/// @param index which of the PF's VFs: n in `virtfn<n>`
public record VfRef(String pf, int index, PciAddress pci) {
  @Override
  public String toString() {
    return "VF " + index + " (" + pci + ") of PF " + pf;
  }
}
