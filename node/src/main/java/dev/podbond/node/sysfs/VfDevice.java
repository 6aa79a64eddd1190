package dev.podbond.node.sysfs;

import dev.podbond.bonding.facts.VfRef;
import dev.podbond.value.PciAddress;
import java.util.Optional;

/// A VF as the host's PCI bus shows it.
///
/// @param uplink its PF's interface, through which the VF is queried
/// @param driver the bound kernel driver; empty if none is bound
/// @param hostName its network interface on the host; empty while that is in a pod, and for a VF
///   without an interface
public record VfDevice(
    VfRef ref, Uplink uplink, Optional<String> driver, Optional<String> hostName) {
  public PciAddress pci() {
    return ref.pci();
  }
}
