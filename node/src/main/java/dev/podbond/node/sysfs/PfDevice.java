package dev.podbond.node.sysfs;

import dev.podbond.value.PciAddress;
import java.util.Optional;

/// A PCI function that can have VFs and has a network interface on the host.
///
/// @param name its network interface
/// @param vendorId PCI vendor, as 0x8086
/// @param deviceId PCI device, as 0x10c9
/// @param driver the bound kernel driver
/// @param totalVfs how many VFs the hardware offers (`sriov_totalvfs`)
/// @param numVfs how many there are now (`sriov_numvfs`)
public record PfDevice(
    String name,
    PciAddress pci,
    int vendorId,
    int deviceId,
    Optional<String> driver,
    int totalVfs,
    int numVfs) {
  @Override
  public String toString() {
    return "PF " + name + " (" + pci + ")";
  }
}
