package dev.podbond.bonding.facts;

import dev.podbond.value.PciAddress;

/// A VF as its PF knew it when it was observed. Only the PCI address tells it from others: whoever
/// changes it looks afresh for its PF, and the rest is for people to read.
///
/// @param pf the PF's interface on the host, which may have another name by now
/// @param index which of the PF's VFs: n in `virtfn<n>`
public record VfRef(String pf, int index, PciAddress pci) {
  @Override
  public String toString() {
    return "VF " + index + " (" + pci + ") of PF " + pf;
  }
}
