package dev.podbond.bonding.option;

import static dev.podbond.bonding.option.BondMode.ACTIVE_BACKUP;
import static dev.podbond.bonding.option.BondMode.BALANCE_ALB;
import static dev.podbond.bonding.option.BondMode.BALANCE_RR;
import static dev.podbond.bonding.option.BondMode.BALANCE_TLB;
import static dev.podbond.bonding.option.BondMode.BALANCE_XOR;
import static dev.podbond.bonding.option.BondMode.BROADCAST;
import static dev.podbond.bonding.option.BondMode.LACP;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// The modes in which an option may be set, and those in which it has an effect.
///
/// @param accepted outside these modes the kernel refuses the option (`unsuppmodes` in
///   drivers/net/bonding/bond_options.c: "option not supported in mode")
/// @param effective outside these modes the kernel keeps the value but does not use it
public record ModeRule(Set<BondMode> accepted, Set<BondMode> effective) {
  /// Accepted and used everywhere.
  public static final ModeRule ALL = effectiveIn(EnumSet.allOf(BondMode.class));

  static final ModeRule ONLY_LACP = only(EnumSet.of(LACP));
  static final ModeRule ONLY_ROUND_ROBIN = only(EnumSet.of(BALANCE_RR));

  /// The modes that know one active member and can prefer another.
  static final ModeRule ONLY_WITH_ACTIVE_MEMBER =
      only(EnumSet.of(ACTIVE_BACKUP, BALANCE_TLB, BALANCE_ALB));

  static final ModeRule ONLY_BALANCING = only(EnumSet.of(BALANCE_TLB, BALANCE_ALB));

  /// 802.3ad, TLB and ALB need the members' carrier and speed and refuse ARP monitoring.
  static final ModeRule ONLY_ARP_MONITORED =
      only(EnumSet.of(BALANCE_RR, ACTIVE_BACKUP, BALANCE_XOR, BROADCAST));

  static final ModeRule USED_BY_ARP_MONITORED =
      effectiveIn(EnumSet.of(BALANCE_RR, ACTIVE_BACKUP, BALANCE_XOR, BROADCAST));
  static final ModeRule USED_BY_ACTIVE_BACKUP = effectiveIn(EnumSet.of(ACTIVE_BACKUP));
  static final ModeRule USED_WITH_ACTIVE_MEMBER =
      effectiveIn(EnumSet.of(ACTIVE_BACKUP, BALANCE_TLB, BALANCE_ALB));
  static final ModeRule USED_BY_LACP = effectiveIn(EnumSet.of(LACP));
  static final ModeRule USED_BY_BALANCING = effectiveIn(EnumSet.of(BALANCE_TLB, BALANCE_ALB));
  static final ModeRule USED_BY_HASHING =
      effectiveIn(EnumSet.of(BALANCE_XOR, LACP, BALANCE_TLB, BALANCE_ALB));

  /// Whenever another member takes over traffic.
  static final ModeRule USED_AT_FAILOVER =
      effectiveIn(EnumSet.of(BALANCE_RR, ACTIVE_BACKUP, BALANCE_TLB, BALANCE_ALB));

  public ModeRule {
    accepted = Set.copyOf(accepted);
    effective = Set.copyOf(effective);
  }

  private static ModeRule only(Set<BondMode> modes) {
    return new ModeRule(modes, modes);
  }

  private static ModeRule effectiveIn(Set<BondMode> modes) {
    return new ModeRule(EnumSet.allOf(BondMode.class), modes);
  }

  /// The modes in the kernel's order, such as "active-backup, balance-tlb".
  public static String list(Set<BondMode> modes) {
    return modes.stream().sorted().map(BondMode::toString).collect(Collectors.joining(", "));
  }
}
