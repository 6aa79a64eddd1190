package dev.podbond.netlink.link;

import java.util.Optional;

/// The attributes of a bond's member, `IFLA_BOND_SLAVE_*` of `linux/if_link.h`, with the kernel's
/// names. [#QUEUE_ID], [#PRIO] and [#ACTOR_PORT_PRIO] can be set, the others are read-only.
public enum BondMemberAttribute implements TypedAttribute {
  /// 0 active, 1 backup.
  STATE(1, AttributeType.U8),
  /// 0 up, 1 going down, 2 down, 3 coming back.
  MII_STATUS(2, AttributeType.U8),
  LINK_FAILURE_COUNT(3, AttributeType.U32),
  /// The hardware address that the member had before it joined the bond.
  PERM_HWADDR(4, AttributeType.MAC),
  QUEUE_ID(5, AttributeType.U16),
  AD_AGGREGATOR_ID(6, AttributeType.U16),
  AD_ACTOR_OPER_PORT_STATE(7, AttributeType.U8),
  AD_PARTNER_OPER_PORT_STATE(8, AttributeType.U16),
  /// Since Linux 6.0.
  PRIO(9, AttributeType.S32),
  /// Since Linux 6.18.
  ACTOR_PORT_PRIO(10, AttributeType.U16),
  AD_CHURN_ACTOR_STATE(11, AttributeType.U8),
  AD_CHURN_PARTNER_STATE(12, AttributeType.U8);

  private final int number;
  private final AttributeType type;

  BondMemberAttribute(int number, AttributeType type) {
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
  public static Optional<BondMemberAttribute> of(int number) {
    for (BondMemberAttribute attribute : values()) {
      if (attribute.number == number) {
        return Optional.of(attribute);
      }
    }
    return Optional.empty();
  }
}
