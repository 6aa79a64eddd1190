package dev.podbond.bonding.redundancy;

import java.util.Optional;

/// What an answer rests on. Its word is in answers of the agent and part of the cluster's API.
public enum HowKnown {
  /// The bond has a single member.
  MEMBERS("Members", "the number of its members"),
  /// The bond has no link monitoring, and so goes on sending into a dead link.
  MONITORING("Monitoring", "the lack of link monitoring"),
  /// The driver's identity of a port (`phys_port_id`).
  PORT_ID("PortID", "the port's ID"),
  /// The serial number that a PCI function has in its configuration space.
  SERIAL_NUMBER("SerialNumber", "the serial number"),
  /// The driver's identity of the switch that a card has inside (`phys_switch_id`).
  SWITCH_ID("SwitchID", "the ID of the card's own switch"),
  /// Where PCI functions are on the bus.
  PCI_ADDRESS("PCIAddress", "the PCI address"),
  /// The port of the machine that a slot is behind.
  ROOT_PORT("RootPort", "the PCI root port"),
  /// The system with which the host's bond of a PF speaks LACP.
  LACP_PARTNER("LACPPartner", "the LACP partner"),
  /// What the device at the other end of the cable calls itself.
  LLDP("LLDP", "the LLDP chassis");

  private final String word;
  private final String phrase;

  HowKnown(String word, String phrase) {
    this.word = word;
    this.phrase = phrase;
  }

  /// The knowledge of this word.
  public static Optional<HowKnown> of(String word) {
    for (HowKnown how : values()) {
      if (how.word.equals(word)) {
        return Optional.of(how);
      }
    }
    return Optional.empty();
  }

  /// In the middle of a sentence: "by ...".
  public String phrase() {
    return phrase;
  }

  @Override
  public String toString() {
    return word;
  }
}
