package dev.podbond.bonding.redundancy;

import dev.podbond.value.MacAddress;
import java.util.Optional;

/// What a port is plugged into, and what it is part of on the host. Other than where a port is, it
/// changes while the machine runs.
///
/// @param hostBond the bond of the host that its PF is in
/// @param lacpSystem the system with which that bond speaks LACP there
/// @param chassis the device at the other end, as it names itself by LLDP
public record Cabling(
    Optional<String> hostBond, Optional<MacAddress> lacpSystem, Optional<String> chassis) {
  /// Of a port of which nobody tells.
  public static final Cabling UNKNOWN =
      new Cabling(Optional.empty(), Optional.empty(), Optional.empty());

  /// Leaves out the address that stands for no system.
  public Cabling {
    lacpSystem = lacpSystem.filter(system -> !system.isZero());
  }

  /// With what was known before of a neighbour that says nothing now: whoever falls silent is still
  /// there, unless the port has moved to another bond.
  public Cabling after(Cabling before) {
    return hostBond.equals(before.hostBond)
        ? new Cabling(hostBond, lacpSystem.or(before::lacpSystem), chassis.or(before::chassis))
        : this;
  }

  /// With the device that LLDP tells of, if it does.
  public Cabling to(Optional<String> device) {
    return new Cabling(hostBond, lacpSystem, device);
  }
}
