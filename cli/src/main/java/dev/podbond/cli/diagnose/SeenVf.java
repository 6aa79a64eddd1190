package dev.podbond.cli.diagnose;

import dev.podbond.node.state.ClaimOwner;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.value.PciAddress;
import java.util.Optional;

/// A VF of an attachment.
///
/// @param pf its PF, as the record names it
/// @param isDriven whether it has an interface, and so a driver of the kernel
/// @param claim whose it is
/// @param device what the PCI bus shows of it
public record SeenVf(
    PciAddress pci,
    String pf,
    boolean isDriven,
    Seen<Optional<ClaimOwner>> claim,
    Seen<Optional<VfDevice>> device) {
  @Override
  public String toString() {
    return "VF " + pci + " of PF " + pf;
  }
}
