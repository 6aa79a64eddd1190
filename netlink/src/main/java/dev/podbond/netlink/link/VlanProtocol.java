package dev.podbond.netlink.link;

import java.util.Optional;

/// The tag protocol of a VLAN.
public enum VlanProtocol {
  /// 802.1Q, the customer tag.
  DOT1Q(0x8100),
  /// 802.1ad, the service tag of QinQ.
  DOT1AD(0x88a8);

  private final int etherType;

  VlanProtocol(int etherType) {
    this.etherType = etherType;
  }

  /// The EtherType of the tag.
  public int etherType() {
    return etherType;
  }

  static Optional<VlanProtocol> of(int etherType) {
    for (VlanProtocol protocol : values()) {
      if (protocol.etherType == etherType) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }
}
