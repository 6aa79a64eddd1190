package dev.podbond.node.sysfs;

import dev.podbond.bonding.facts.VfRef;
import dev.podbond.value.PciAddress;
import java.util.Optional;

/// A VF as the host's PCI bus shows it.
///
/// @param uplink its PF's interface, by which it is asked about
/// @param vendorId PCI vendor, as 0x8086
/// @param deviceId PCI device, as 0x10ca
/// @param driver the bound kernel driver; empty if none is bound
/// @param hostName its network interface on the host; empty while that lives in a pod, and for a VF
///   that has none
public record VfDevice(
    VfRef ref,
    Uplink uplink,
    int vendorId,
    int deviceId,
    Optional<String> driver,
    Optional<String> hostName) {
  public PciAddress pci() {
    return ref.pci();
  }
}
