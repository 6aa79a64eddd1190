package dev.podbond.bonding.preflight;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.option.BondOption;
import dev.podbond.value.VfLinkState;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What the settings of a VF let one fear of it as a member. The node's preflight and the cluster's
/// assessment ask here, and say it in the words of their objects.
public enum VfConcern {
  /// The bond gives it another MAC than its own, and its PF does not let it take that.
  UNTRUSTED,
  /// The bond gives it another MAC than its own, and some NICs then drop what it sends.
  SPOOF_CHECKED,
  /// It never has a carrier.
  LINK_DISABLED,
  /// It keeps its carrier when the PF's cable is dead, and nothing else tells the bond.
  LINK_FIXED;

  /// The concerns about a VF in a bond.
  ///
  /// @param takesForeignMac whether the bond gives this VF another MAC than its own, see
  ///   [ForeignMac]
  public static Set<VfConcern> of(BondConfig bond, VfView vf, boolean takesForeignMac) {
    Set<VfConcern> concerns = EnumSet.noneOf(VfConcern.class);
    if (takesForeignMac && vf.trust().equals(Optional.of(false))) {
      concerns.add(UNTRUSTED);
    }
    if (takesForeignMac && vf.spoofCheck().equals(Optional.of(true))) {
      concerns.add(SPOOF_CHECKED);
    }
    if (vf.linkState().equals(Optional.of(VfLinkState.DISABLE))) {
      concerns.add(LINK_DISABLED);
    }
    if (vf.linkState().equals(Optional.of(VfLinkState.ENABLE)) && !isMonitoredByArp(bond)) {
      concerns.add(LINK_FIXED);
    }
    return concerns;
  }

  /// ARP monitoring notices a dead cable behind a carrier. An interval of 0 is none.
  static boolean isMonitoredByArp(BondConfig bond) {
    return bond.options().number(BondOption.ARP_INTERVAL) > 0;
  }
}
