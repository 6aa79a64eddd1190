package dev.podbond.value;

import java.util.Optional;
import java.util.stream.Stream;

/// The tag protocol of a VLAN, known by its EtherType (`ETH_P_8021Q`, `ETH_P_8021AD`).
public enum VlanProtocol {
  /// 802.1Q, the customer tag.
  DOT1Q("802.1q", 0x8100),
  /// 802.1ad, the service tag of QinQ.
  DOT1AD("802.1ad", 0x88a8);

  private final String text;
  private final int etherType;

  VlanProtocol(String text, int etherType) {
    this.text = text;
    this.etherType = etherType;
  }

  /// The EtherType of the tag.
  public int etherType() {
    return etherType;
  }

  /// The protocol of an EtherType; empty if it is not a tag's.
  public static Optional<VlanProtocol> of(int etherType) {
    for (VlanProtocol protocol : values()) {
      if (protocol.etherType == etherType) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }

  /// The protocol that a text names, such as `802.1q` or `802.1ad`, in any case of letters; empty
  /// for any other text.
  public static Optional<VlanProtocol> parse(String text) {
    return Stream.of(values())
        .filter(protocol -> protocol.toString().equalsIgnoreCase(text))
        .findFirst();
  }

  /// As iproute2 and sriov-cni write it: `802.1q`.
  @Override
  public String toString() {
    return text;
  }
}
