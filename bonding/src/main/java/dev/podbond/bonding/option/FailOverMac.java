package dev.podbond.bonding.option;

/// Whose MAC an active-backup bond shows (`BOND_FOM_*` in include/net/bonding.h).
public enum FailOverMac {
  /// All members have the bond's MAC.
  NONE,
  /// The bond has the active member's MAC; no member ever changes its own.
  ACTIVE,
  /// The active member has the bond's MAC; the two are swapped at failover.
  FOLLOW;

  /// What the option does in a mode: only active-backup uses it.
  public static FailOverMac of(BondMode mode, BondOptions options) {
    return mode == BondMode.ACTIVE_BACKUP ? of(options) : NONE;
  }

  /// What the option says, whether or not the mode uses it.
  public static FailOverMac of(BondOptions options) {
    long number = options.number(BondOption.FAIL_OVER_MAC);
    return number == 1 ? ACTIVE : number == 2 ? FOLLOW : NONE;
  }
}
