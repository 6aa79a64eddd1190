package dev.podbond.cluster.object;

import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.OptionalInt;

/// Selects the PFs of a policy: those that match every given criterion.
///
/// @param vendorId PCI vendor, as 0x8086
/// @param deviceId PCI device of the PF, as 0x10c9
/// @param rootDevices PCI addresses of PFs; empty for any
/// @param pfNames PFs by interface; empty for any
public record NicSelector(
    OptionalInt vendorId,
    OptionalInt deviceId,
    List<PciAddress> rootDevices,
    List<PfName> pfNames) {
  public NicSelector {
    rootDevices = List.copyOf(rootDevices);
    pfNames = List.copyOf(pfNames);
  }

  public boolean isEmpty() {
    return vendorId.isEmpty() && deviceId.isEmpty() && rootDevices.isEmpty() && pfNames.isEmpty();
  }
}
