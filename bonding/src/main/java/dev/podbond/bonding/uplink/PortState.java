package dev.podbond.bonding.uplink;

import java.util.ArrayList;
import java.util.List;

/// The state that LACP has of one side of a port (IEEE 802.1AX, 6.4.2.3), as the kernel's
/// `IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE` and its sibling for the partner have it.
///
/// @param bits the octet, its first flag in the lowest bit
public record PortState(int bits) {
  private static final int AGGREGATION = 1 << 2;
  private static final int SYNCHRONIZATION = 1 << 3;
  private static final int COLLECTING = 1 << 4;
  private static final int DISTRIBUTING = 1 << 5;
  private static final int DEFAULTED = 1 << 6;
  private static final int EXPIRED = 1 << 7;

  /// Whether traffic may flow: aggregated, in sync, collecting and distributing, and by what was
  /// heard rather than assumed.
  public boolean isUsable() {
    return faults().isEmpty();
  }

  /// What keeps traffic from flowing, in LACP's own words.
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (has(DEFAULTED)) {
      faults.add("defaulted");
    }
    if (has(EXPIRED)) {
      faults.add("expired");
    }
    if (!has(AGGREGATION)) {
      faults.add("not aggregating");
    }
    if (!has(SYNCHRONIZATION)) {
      faults.add("not in sync");
    }
    if (!has(COLLECTING)) {
      faults.add("not collecting");
    }
    if (!has(DISTRIBUTING)) {
      faults.add("not distributing");
    }
    return faults;
  }

  private boolean has(int flag) {
    return (bits & flag) != 0;
  }
}
