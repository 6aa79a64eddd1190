package dev.podbond.node.sysfs;

import dev.podbond.value.PciAddress;

/// A PF's own network interface on the host, as it is at one moment.
///
/// @param pci the PF's function
/// @param name its interface's name, which anybody may change
/// @param index its interface's ifindex, which stays for as long as the interface is there; [#GONE]
///   if it is not
public record Uplink(PciAddress pci, String name, int index) {
  /// The kernel counts from one.
  public static final int GONE = 0;
}
