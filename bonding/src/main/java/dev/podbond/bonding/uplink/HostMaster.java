package dev.podbond.bonding.uplink;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a PF's interface is a member of on the host. A PF that is alone in a bond of mode 802.3ad
/// learns by LACP whether its switch still takes part.
public sealed interface HostMaster {
  /// Nothing.
  record None() implements HostMaster {}

  /// A bond of another mode, or a link of another kind, as a bridge.
  ///
  /// @param kind in words, as "bond of mode active-backup" or "bridge"
  record Other(String name, String kind) implements HostMaster {}

  /// A bond of mode 802.3ad.
  ///
  /// @param actor this side of the port; empty while the bond has chosen no aggregator for it
  /// @param partner the switch's side
  record Lacp(String name, Optional<PortState> actor, Optional<PortState> partner)
      implements HostMaster {}

  /// What LACP says of the uplink.
  default Reading lacp() {
    return switch (this) {
      case None() ->
          new Reading.Unknown("it is in no bond of the host, so that no LACP tells of its switch");
      case Other(String name, String kind) ->
          new Reading.Unknown(
              "it is in "
                  + name
                  + " of the host ("
                  + kind
                  + "), of which the kernel tells no LACP");
      case Lacp(String name, Optional<PortState> actor, Optional<PortState> partner) ->
          actor.isPresent() && partner.isPresent()
              ? lacp(name, actor.get(), partner.get())
              : new Reading.Unknown("the host's bond " + name + " has no aggregator for it");
    };
  }

  private static Reading lacp(String bond, PortState actor, PortState partner) {
    List<String> faults = new ArrayList<>();
    if (!actor.isUsable()) {
      faults.add("this side is " + String.join(", ", actor.faults()));
    }
    if (!partner.isUsable()) {
      faults.add("the partner is " + String.join(", ", partner.faults()));
    }
    return faults.isEmpty()
        ? Reading.good()
        : new Reading.Bad("LACP of the host's bond " + bond + ": " + String.join("; ", faults));
  }
}
