package dev.podbond.cli.machine;

import dev.podbond.bonding.net.MacAddress;
import dev.podbond.bonding.net.PciAddress;
import dev.podbond.node.sysfs.VfDevice;
import java.util.Optional;
import java.util.OptionalInt;

/// A VF, its network interface and what its PF says of it.
///
/// @param mac its interface's MAC; empty while that is not on the host
/// @param mtuBytes its interface's MTU; empty while that is not on the host
/// @param adminMac the administrative MAC, zero for none; empty if the PF does not tell
/// @param claimed whether a CNI plugin has given it to a pod
public record VfState(
    VfDevice device,
    Optional<MacAddress> mac,
    OptionalInt mtuBytes,
    Optional<MacAddress> adminMac,
    boolean claimed) {
  public PciAddress pci() {
    return device.pci();
  }

  /// Whether somebody has it: a plugin's claim says so, or its interface is bound to a driver and
  /// yet not on the host.
  public boolean isInUse() {
    return claimed || (device.driver().isPresent() && device.hostName().isEmpty());
  }
}
