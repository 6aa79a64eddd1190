package dev.podbond.value;

/// The VLAN that a PF puts on the frames of a VF (`struct ifla_vf_vlan_info`).
///
/// @param id 0 to 4095; 0 means no VLAN
/// @param qos the priority, 0 to 7
/// @param protocol the tag protocol; many drivers support only 802.1Q
public record VfVlan(int id, int qos, VlanProtocol protocol) {
  /// No VLAN.
  public static final VfVlan NONE = new VfVlan(0, 0, VlanProtocol.DOT1Q);

  private static final int MAX_ID = 4095;
  private static final int MAX_QOS = 7;

  /// Refuses numbers that a tag cannot carry.
  public VfVlan {
    if (id < 0 || id > MAX_ID || qos < 0 || qos > MAX_QOS) {
      throw new IllegalArgumentException(
          "VLAN id %d is not in 0..%d, or priority %d not in 0..%d"
              .formatted(id, MAX_ID, qos, MAX_QOS));
    }
  }

  @Override
  public String toString() {
    return id
        + (qos == 0 ? "" : " qos " + qos)
        + (protocol == VlanProtocol.DOT1Q ? "" : " proto " + protocol);
  }
}
