package dev.podbond.cli.machine;

import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.Optional;
import java.util.OptionalInt;

/// A VF, its network interface, and the PF's settings for it.
///
/// @param mac its interface's MAC; empty while the interface is not on the host
/// @param mtuBytes its interface's MTU; empty while the interface is not on the host
/// @param adminMac the administrative MAC, zero if not set; empty if the PF does not report it
/// @param claimed whether a CNI plugin has given it to a pod
/// @param hostUse what the host itself uses its interface for, as "it has the address 10.0.0.1/24";
///   empty if it does not
public record VfState(
    VfDevice device,
    Optional<MacAddress> mac,
    OptionalInt mtuBytes,
    Optional<MacAddress> adminMac,
    boolean claimed,
    Optional<String> hostUse) {
  public PciAddress pci() {
    return device.pci();
  }

  /// Whether the VF is in use: a plugin's claim says so, the host uses it, or it has a driver but
  /// no interface on the host, so it is in a pod or driven by user space.
  public boolean isInUse() {
    return claimed
        || hostUse.isPresent()
        || (device.driver().isPresent() && device.hostName().isEmpty());
  }
}
