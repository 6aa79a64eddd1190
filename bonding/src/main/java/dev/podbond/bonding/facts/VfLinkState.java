package dev.podbond.bonding.facts;

import java.util.Locale;

/// A VF's link state as set through its PF; ordinals are `IFLA_VF_LINK_STATE_*`.
public enum VfLinkState {
  /// Follows the PF's carrier.
  AUTO,
  /// Always up, also when the PF has lost its cable.
  ENABLE,
  /// Always down.
  DISABLE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
