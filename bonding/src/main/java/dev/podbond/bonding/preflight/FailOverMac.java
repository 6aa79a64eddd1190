package dev.podbond.bonding.preflight;

/// Whose MAC an active-backup bond shows (`BOND_FOM_*` in include/net/bonding.h).
enum FailOverMac {
  /// All members have the bond's MAC.
  NONE,
  /// The bond has the active member's MAC; no member ever changes its own.
  ACTIVE,
  /// The active member has the bond's MAC; the two are swapped at failover.
  FOLLOW;

  static FailOverMac of(long number) {
    return number == 1 ? ACTIVE : number == 2 ? FOLLOW : NONE;
  }
}
