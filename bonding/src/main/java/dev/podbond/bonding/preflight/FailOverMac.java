package dev.podbond.bonding.preflight;

/// Whose MAC an active-backup bond shows (`BOND_FOM_*` in include/net/bonding.h).
enum FailOverMac {
  /// All members have the bond's.
  NONE,
  /// The bond has that of the active member; no member ever changes its own.
  ACTIVE,
  /// The active member has the bond's, swapped at failover.
  FOLLOW;

  static FailOverMac of(long number) {
    return number == 1 ? ACTIVE : number == 2 ? FOLLOW : NONE;
  }
}
