package dev.podbond.netlink.link;

import java.util.Optional;

/// The attributes of a bond, `IFLA_BOND_*` of `linux/if_link.h`, with the kernel's names.
///
/// A kernel ignores numbers that it does not know. To learn which attributes it accepted, read the
/// bond back. The newest numbers are 30 (Linux 5.17), 31 (5.18), 32 (6.9), 33 (6.17) and 34 (6.18).
public enum BondAttribute implements TypedAttribute {
  MODE(1, AttributeType.U8),
  /// The index of the active member; 0 clears it.
  ACTIVE_SLAVE(2, AttributeType.IFINDEX),
  /// Milliseconds.
  MIIMON(3, AttributeType.U32),
  /// Milliseconds.
  UPDELAY(4, AttributeType.U32),
  /// Milliseconds.
  DOWNDELAY(5, AttributeType.U32),
  USE_CARRIER(6, AttributeType.U8),
  /// Milliseconds.
  ARP_INTERVAL(7, AttributeType.U32),
  ARP_IP_TARGET(8, AttributeType.IPV4_LIST),
  ARP_VALIDATE(9, AttributeType.U32),
  ARP_ALL_TARGETS(10, AttributeType.U32),
  /// The index of a member, or of an interface that will become a member.
  PRIMARY(11, AttributeType.IFINDEX),
  PRIMARY_RESELECT(12, AttributeType.U8),
  FAIL_OVER_MAC(13, AttributeType.U8),
  XMIT_HASH_POLICY(14, AttributeType.U8),
  RESEND_IGMP(15, AttributeType.U32),
  NUM_PEER_NOTIF(16, AttributeType.U8),
  ALL_SLAVES_ACTIVE(17, AttributeType.U8),
  MIN_LINKS(18, AttributeType.U32),
  /// Seconds.
  LP_INTERVAL(19, AttributeType.U32),
  PACKETS_PER_SLAVE(20, AttributeType.U32),
  AD_LACP_RATE(21, AttributeType.U8),
  AD_SELECT(22, AttributeType.U8),
  /// Read only.
  AD_INFO(23, AttributeType.AGGREGATOR),
  AD_ACTOR_SYS_PRIO(24, AttributeType.U16),
  AD_USER_PORT_KEY(25, AttributeType.U16),
  AD_ACTOR_SYSTEM(26, AttributeType.MAC),
  TLB_DYNAMIC_LB(27, AttributeType.U8),
  /// Milliseconds.
  PEER_NOTIF_DELAY(28, AttributeType.U32),
  AD_LACP_ACTIVE(29, AttributeType.U8),
  MISSED_MAX(30, AttributeType.U8),
  NS_IP6_TARGET(31, AttributeType.IPV6_LIST),
  COUPLED_CONTROL(32, AttributeType.U8),
  BROADCAST_NEIGH(33, AttributeType.U8),
  LACP_STRICT(34, AttributeType.U8);

  private final int number;
  private final AttributeType type;

  BondAttribute(int number, AttributeType type) {
    this.number = number;
    this.type = type;
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public AttributeType type() {
    return type;
  }

  /// The attribute of this number, if this table has it.
  public static Optional<BondAttribute> of(int number) {
    for (BondAttribute attribute : values()) {
      if (attribute.number == number) {
        return Optional.of(attribute);
      }
    }
    return Optional.empty();
  }
}
