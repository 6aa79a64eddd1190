package dev.podbond.node.observe;

import dev.podbond.bonding.redundancy.PfPlace;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Adds to the members of bonds what the node's PCI bus says of the hardware behind them: the PF of
/// a VF, whatever attachment brought it into the pod, the driver, and where the port is.
public final class MemberHardware {
  private final PciDevices devices;

  /// What was read of PFs, each once: it is asked for each member of each bond.
  private final Map<PciAddress, Known> places = new ConcurrentHashMap<>();

  /// @param ifindex that of the PF's interface when it was read; another card in the same slot has
  ///   another one
  private record Known(int ifindex, PfPlace place) {}

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
      return member
          .on(
              devices
                  .vf(pci)
                  .map(VfDevice::uplink)
                  .map(uplink -> new Pf(uplink.name(), Optional.of(uplink.pci()))),
              devices.driver(pci))
          .at(place(pci));
    } catch (IOException _) {
      return member;
    }
  }

  private Optional<PfPlace> place(PciAddress pci) throws IOException {
    Optional<PciAddress> pf = devices.pfOf(pci);
    if (pf.isEmpty()) {
      return Optional.empty();
    }
    int ifindex = devices.ifindex(pf.get());
    Known known = places.get(pf.get());
    if (known == null || known.ifindex() != ifindex) {
      known = new Known(ifindex, devices.place(pf.get()));
      places.put(pf.get(), known);
    }
    return Optional.of(known.place());
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
