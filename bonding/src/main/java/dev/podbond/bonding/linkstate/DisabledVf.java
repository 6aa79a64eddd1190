package dev.podbond.bonding.linkstate;

import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;

/// A VF that was to lose its link.
///
/// @param index which of its PF's VFs
/// @param before what its link state was
/// @param isTheirs whether somebody has set another one meanwhile: that stays, and the VF is left
///   alone until its PF's uplink is good
public record DisabledVf(PciAddress pci, int index, VfLinkState before, boolean isTheirs) {
  /// The same after somebody has set another link state.
  DisabledVf theirs() {
    return new DisabledVf(pci, index, before, true);
  }
}
