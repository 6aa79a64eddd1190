package dev.podbond.bonding.preflight;

import dev.podbond.bonding.config.BondConfig;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.option.FailOverMac;
import java.util.Optional;

/// Why members of a bond must take a MAC that is not their own. It follows from mode and
/// failOverMac, so it is known before there are members.
public final class ForeignMac {
  private ForeignMac() {}

  /// The reason for a member to take another MAC; empty if each keeps its own.
  public static Optional<String> of(BondConfig config) {
    return of(config.mode(), FailOverMac.of(config.mode(), config.options()));
  }

  static Optional<String> of(BondMode mode, FailOverMac failOverMac) {
    if (!mode.sharesOneMac()) {
      return Optional.of("the MACs that " + mode + " moves between members");
    }
    return switch (failOverMac) {
      case ACTIVE -> Optional.empty();
      case FOLLOW -> Optional.of("the bond's MAC, as failOverMac follow needs at failover");
      case NONE ->
          Optional.of(
              "the bond's MAC, as mode "
                  + mode
                  + (mode == BondMode.ACTIVE_BACKUP ? " with failOverMac none" : "")
                  + " needs");
    };
  }
}
