package dev.podbond.bonding.option;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The modes of the bonding driver (`BOND_MODE_*` in include/uapi/linux/if_bonding.h).
@SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
public enum BondMode {
  BALANCE_RR(0, "balance-rr", "rr", "round-robin", "roundrobin"),
  ACTIVE_BACKUP(1, "active-backup", "ab", "activebackup"),
  BALANCE_XOR(2, "balance-xor", "xor"),
  BROADCAST(3, "broadcast"),
  LACP(4, "802.3ad", "lacp", "8023ad"),
  BALANCE_TLB(5, "balance-tlb", "tlb"),
  BALANCE_ALB(6, "balance-alb", "alb");

  private final int number;
  private final String kernelName;
  private final List<String> aliases;

  BondMode(int number, String kernelName, String... aliases) {
    this.number = number;
    this.kernelName = kernelName;
    this.aliases = List.of(aliases);
  }

  /// The kernel's number, 0 to 6.
  public int number() {
    return number;
  }

  /// Other names in use for the mode.
  public List<String> aliases() {
    return aliases;
  }

  /// The mode with a kernel number; empty beyond 0 to 6.
  public static Optional<BondMode> of(long number) {
    return Stream.of(values()).filter(mode -> mode.number == number).findFirst();
  }

  /// Whether the kernel gives every member the bond's own MAC at once (`bond_enslave`), as far as
  /// the mode decides it; active-backup does so unless failOverMac says otherwise.
  public boolean sharesOneMac() {
    return switch (this) {
      case BALANCE_RR, ACTIVE_BACKUP, BALANCE_XOR, BROADCAST, LACP -> true;
      case BALANCE_TLB, BALANCE_ALB -> false;
    };
  }

  /// What it needs of the switch.
  public SwitchLag switchLag() {
    return switch (this) {
      case BALANCE_RR, BALANCE_XOR, BROADCAST -> SwitchLag.STATIC;
      case LACP -> SwitchLag.LACP;
      case ACTIVE_BACKUP, BALANCE_TLB, BALANCE_ALB -> SwitchLag.NONE;
    };
  }

  /// The kernel's name, such as `active-backup`.
  @Override
  public String toString() {
    return kernelName;
  }
}
