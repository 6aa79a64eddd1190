package dev.podbond.bonding.facts;

/// The VLAN a PF puts a VF into.
///
/// @param id 0 (none) to 4094
/// @param qos priority 0 to 7
/// @param protocol the tag's EtherType
public record VfVlan(int id, int qos, Protocol protocol) {
  /// No VLAN.
  public static final VfVlan NONE = new VfVlan(0, 0, Protocol.DOT1Q);

  /// The tag protocols of `IFLA_VF_VLAN_LIST`.
  public enum Protocol {
    DOT1Q("802.1q", 0x8100),
    DOT1AD("802.1ad", 0x88a8);

    private final String text;
    private final int etherType;

    Protocol(String text, int etherType) {
      this.text = text;
      this.etherType = etherType;
    }

    public int etherType() {
      return etherType;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  @Override
  public String toString() {
    return id
        + (qos == 0 ? "" : " qos " + qos)
        + (protocol == Protocol.DOT1Q ? "" : " proto " + protocol);
  }
}
