package dev.podbond.operator.view;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.SwitchLag;
import dev.podbond.cluster.bond.BondNetwork;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// How many BondNetworks need which switch ports. In most clusters they are of one kind. Whether
/// they are is asked each time a bond is assessed, which must not take a look at all of them.
final class LagCounts {
  private final Map<SwitchLag, Integer> counts = new ConcurrentHashMap<>();

  /// Counts a BondNetwork as it is now instead of as it was before.
  void changed(Optional<BondNetwork> before, Optional<BondNetwork> now) {
    now.flatMap(LagCounts::lag).ifPresent(lag -> counts.merge(lag, 1, Integer::sum));
    before.flatMap(LagCounts::lag).ifPresent(lag -> counts.merge(lag, -1, Integer::sum));
  }

  /// Whether some BondNetwork needs other switch ports than this one; none does if this one's mode
  /// is not known.
  boolean haveOther(BondNetwork bond) {
    return lag(bond)
        .filter(lag ->
            counts.entrySet().stream()
                .anyMatch(count -> count.getKey() != lag && count.getValue() > 0))
        .isPresent();
  }

  /// Whether there are several kinds.
  boolean areMixed() {
    return counts.values().stream().filter(count -> count > 0).count() > 1;
  }

  private static Optional<SwitchLag> lag(BondNetwork bond) {
    return bond.mode().map(BondMode::switchLag);
  }
}
