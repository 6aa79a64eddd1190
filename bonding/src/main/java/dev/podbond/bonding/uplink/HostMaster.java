package dev.podbond.bonding.uplink;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.redundancy.Cabling;
import dev.podbond.value.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a PF's interface is a member of on the host. A PF that is alone in a bond of mode 802.3ad
/// learns by LACP whether its switch still takes part.
public sealed interface HostMaster {
  /// Nothing.
  record None() implements HostMaster {}

  /// A bond of another mode.
  record Bond(String name, BondMode mode) implements HostMaster {}

  /// A link of another kind, as a bridge.
  ///
  /// @param kind in words, as "bridge"
  record Other(String name, String kind) implements HostMaster {}

  /// A bond of mode 802.3ad.
  ///
  /// @param actor this side of the port; empty while the bond has chosen no aggregator for it
  /// @param partner the switch's side
  /// @param system the switch's address; empty while none answers, or while the bond uses other
  ///   ports than this one
  record Lacp(
      String name,
      Optional<PortState> actor,
      Optional<PortState> partner,
      Optional<MacAddress> system)
      implements HostMaster {
    /// One whose partner is not known by its address.
    public Lacp(String name, Optional<PortState> actor, Optional<PortState> partner) {
      this(name, actor, partner, Optional.empty());
    }
  }

  /// What the port is part of and plugged into, as far as this tells.
  default Cabling cabling() {
    return switch (this) {
      case None() -> Cabling.UNKNOWN;
      case Other(String _, String _) -> Cabling.UNKNOWN;
      case Bond(String name, BondMode _) ->
          new Cabling(Optional.of(name), Optional.empty(), Optional.empty());
      case Lacp lacp -> new Cabling(Optional.of(lacp.name()), lacp.system(), Optional.empty());
    };
  }

  /// What LACP says of the uplink.
  default Reading lacp() {
    return switch (this) {
      case None() ->
          new Reading.Unknown("it is in no bond of the host, so that no LACP tells of its switch");
      case Bond(String name, BondMode mode) -> withoutLacp(name, "bond of mode " + mode);
      case Other(String name, String kind) -> withoutLacp(name, kind);
      case Lacp lacp ->
          lacp.actor().isPresent() && lacp.partner().isPresent()
              ? lacp(lacp.name(), lacp.actor().get(), lacp.partner().get())
              : new Reading.Unknown("the host's bond " + lacp.name() + " has no aggregator for it");
    };
  }

  private static Reading withoutLacp(String name, String kind) {
    return new Reading.Unknown(
        "it is in " + name + " of the host (" + kind + "), of which the kernel tells no LACP");
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
