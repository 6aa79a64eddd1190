package dev.podbond.node.observe;

import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.util.Optional;

/// Adds to the members of bonds what the node's PCI bus says of the hardware behind them: the PF of
/// a VF, whatever attachment brought it into the pod, and the driver.
public final class MemberHardware {
  private final PciDevices devices;

  /// @param devices the PCI functions of the node
  public MemberHardware(PciDevices devices) {
    this.devices = devices;
  }

  /// The member with what is known of its hardware. What cannot be read stays as it was: it is for
  /// people to read, and no reason to fail.
  public ConfiguredMember of(ConfiguredMember member) {
    if (member.pci().isEmpty()) {
      return member;
    }
    try {
      PciAddress pci = member.pci().get();
      return member.on(
          devices
              .vf(pci)
              .map(VfDevice::uplink)
              .map(uplink -> new Pf(uplink.name(), Optional.of(uplink.pci()))),
          devices.driver(pci));
    } catch (IOException _) {
      return member;
    }
  }

  /// Whether a PF has a carrier; empty if that cannot be told.
  public Optional<Boolean> carrier(PciAddress pf) {
    try {
      return devices.carrier(pf);
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
