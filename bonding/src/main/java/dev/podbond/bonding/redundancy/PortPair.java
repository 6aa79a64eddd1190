package dev.podbond.bonding.redundancy;

import dev.podbond.value.MacAddress;
import java.util.Optional;

/// Two members' ports, and whether a failure of one part would take both.
///
/// The PCI Express specification has all functions of a device report one serial number (PCI
/// Express Base Specification, Device Serial Number Extended Capability).
record PortPair(PfPlace one, PfPlace other) {
  /// Whether the pair survives this failure: `Yes` if no part of that kind has both on it.
  Answer survives(Failure failure) {
    return switch (failure) {
      case CABLE, PORT -> port();
      case CARD -> card();
      case SWITCH -> neighbour();
    };
  }

  /// Whether the NIC itself makes one port of both: what a VF of either sends leaves through the
  /// port that the host's bond chooses. Such a bond's ports are those of one switch inside the card
  /// (`phys_switch_id`, which drivers tell in switchdev mode).
  boolean isVfLag() {
    return !one.pci().equals(other.pci())
        && isOneHostBond()
        && one.switchId().isPresent()
        && one.switchId().equals(other.switchId());
  }

  private boolean isOneHostBond() {
    return one.cabling().hostBond().isPresent()
        && one.cabling().hostBond().equals(other.cabling().hostBond());
  }

  /// A stack of switches and a pair that share their aggregations (MLAG) may speak as one, and a
  /// switch may speak LACP as several systems. So LACP gives only hints, and where both ports are
  /// one aggregation not even that: such a pair is then as likely as a single switch.
  private Answer neighbour() {
    if (port() instanceof Answer.No no) {
      return no;
    }
    Optional<String> chassis = one.cabling().chassis();
    if (chassis.isPresent() && other.cabling().chassis().isPresent()) {
      return chassis.equals(other.cabling().chassis())
          ? new Answer.No(HowKnown.LLDP, true, chassis.get())
          : new Answer.Yes(HowKnown.LLDP, false);
    }
    Optional<MacAddress> system = one.cabling().lacpSystem();
    if (system.isEmpty() || other.cabling().lacpSystem().isEmpty()) {
      return new Answer.Unknown("which switch each of its ports is plugged into");
    }
    if (!system.equals(other.cabling().lacpSystem())) {
      return new Answer.Yes(HowKnown.LACP_PARTNER, true);
    }
    return isOneHostBond()
        ? new Answer.Unknown(
            "whether the LACP partner of both ports, "
                + system.get()
                + ", is one switch or several")
        : new Answer.No(HowKnown.LACP_PARTNER, true, system.get().toString());
  }

  private Answer port() {
    if (one.pci().equals(other.pci())) {
      return new Answer.No(HowKnown.PCI_ADDRESS, false, one.pci().toString());
    }
    if (one.portId().isPresent() && other.portId().isPresent()) {
      return one.portId().equals(other.portId())
          ? new Answer.No(HowKnown.PORT_ID, false, one.portId().get())
          : new Answer.Yes(HowKnown.PORT_ID, false);
    }
    // A card may be in two slots, to be near two processors, and have a single port.
    return !one.device().equals(other.device()) && oneIdentity().isPresent()
        ? new Answer.Unknown("whether its card, which has two PCI devices, has two ports")
        : new Answer.Yes(HowKnown.PCI_ADDRESS, false);
  }

  private Answer card() {
    if (port() instanceof Answer.No no) {
      return no;
    }
    if (one.device().equals(other.device())) {
      return new Answer.No(HowKnown.PCI_ADDRESS, false, one.device());
    }
    Optional<Answer> same = oneIdentity();
    if (same.isPresent()) {
      return same.get();
    }
    boolean oneRootPort = one.rootPort().isPresent() && one.rootPort().equals(other.rootPort());
    Optional<HowKnown> different = differentIdentity();
    if (different.isPresent()) {
      return oneRootPort
          ? new Answer.Unknown("whether what is behind one PCI root port is one card or two")
          : new Answer.Yes(different.get(), false);
    }
    return oneRootPort
        ? new Answer.No(HowKnown.ROOT_PORT, true, one.rootPort().get().toString())
        : new Answer.Yes(HowKnown.PCI_ADDRESS, true);
  }

  private Optional<Answer> oneIdentity() {
    return equal(HowKnown.SERIAL_NUMBER, one.serialNumber(), other.serialNumber())
        .or(() -> equal(HowKnown.SWITCH_ID, one.switchId(), other.switchId()));
  }

  private static Optional<Answer> equal(
      HowKnown how, Optional<String> one, Optional<String> other) {
    return one.filter(text -> other.equals(Optional.of(text)))
        .map(text -> new Answer.No(how, false, text));
  }

  /// By what they differ; empty if that is not known. Nothing of them is equal.
  private Optional<HowKnown> differentIdentity() {
    if (one.serialNumber().isPresent() && other.serialNumber().isPresent()) {
      return Optional.of(HowKnown.SERIAL_NUMBER);
    }
    return one.switchId().isPresent() && other.switchId().isPresent()
        ? Optional.of(HowKnown.SWITCH_ID)
        : Optional.empty();
  }
}
