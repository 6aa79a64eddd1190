package dev.podbond.netlink.link;

import dev.podbond.netlink.wire.Attribute;
import dev.podbond.netlink.wire.Attributes;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.value.VlanProtocol;
import java.util.Optional;

/// The tag that a VLAN interface adds to the frames it sends through its parent.
///
/// @param id 0 to 4095
/// @param protocol the tag protocol
public record Vlan(int id, VlanProtocol protocol) {
  static final int MAX_ID = 4095;

  /// Refuses ids that a tag cannot carry.
  public Vlan {
    if (id < 0 || id > MAX_ID) {
      throw new IllegalArgumentException("VLAN id " + id + " is not in 0.." + MAX_ID);
    }
  }

  static Optional<Vlan> parse(Attributes attributes) throws MalformedMessage {
    Optional<Attribute> id = attributes.find(Ifla.VLAN_ID);
    if (id.isEmpty()) {
      return Optional.empty();
    }
    Optional<Attribute> protocol = attributes.find(Ifla.VLAN_PROTOCOL);
    int number = id.get().u16();
    if (number > MAX_ID) {
      throw new MalformedMessage("VLAN id " + number);
    }
    return Optional.of(
        new Vlan(
            number,
            protocol.isEmpty()
                ? VlanProtocol.DOT1Q
                : VlanProtocol.of(protocol.get().be16()).orElse(VlanProtocol.DOT1Q)));
  }
}
