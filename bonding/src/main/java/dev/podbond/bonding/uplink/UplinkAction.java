package dev.podbond.bonding.uplink;

import java.util.Optional;
import java.util.stream.Stream;

/// What is done about a PF whose uplink is bad.
public enum UplinkAction {
  /// Nothing, and nobody looks.
  OFF("off"),
  /// It is told.
  OBSERVE("observe"),
  /// The bonds that have another path leave this one.
  DEMOTE("demote"),
  /// As [#DEMOTE], and other VFs of the PF that pods have lose their link.
  VF_LINK_STATE("vfLinkState");

  private final String key;

  UplinkAction(String key) {
    this.key = key;
  }

  /// The action of this key.
  public static Optional<UplinkAction> of(String key) {
    return Stream.of(values()).filter(action -> action.key.equals(key)).findFirst();
  }

  /// Whether bonds are changed.
  public boolean demotes() {
    return switch (this) {
      case OFF, OBSERVE -> false;
      case DEMOTE, VF_LINK_STATE -> true;
    };
  }

  /// Its word in settings, as `vfLinkState`.
  @Override
  public String toString() {
    return key;
  }
}
