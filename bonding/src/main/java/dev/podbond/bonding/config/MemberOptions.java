package dev.podbond.bonding.config;

import java.util.OptionalInt;

/// The options that a bond keeps per member.
///
/// @param priority `IFLA_BOND_SLAVE_PRIO`: among members that are up the highest becomes active
///   (active-backup, balance-tlb, balance-alb)
/// @param queueId `IFLA_BOND_SLAVE_QUEUE_ID`: the transmit queue that goes out through this member;
///   0 for no queue
public record MemberOptions(OptionalInt priority, OptionalInt queueId) {
  /// Leaves everything to the kernel.
  public static final MemberOptions DEFAULT =
      new MemberOptions(OptionalInt.empty(), OptionalInt.empty());

  /// Whether no option is requested.
  public boolean isDefault() {
    return equals(DEFAULT);
  }
}
