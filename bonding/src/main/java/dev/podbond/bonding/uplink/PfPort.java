package dev.podbond.bonding.uplink;

import dev.podbond.bonding.redundancy.Cabling;
import java.util.Optional;

/// A PF's own interface on the host at one moment.
public sealed interface PfPort {
  /// It was read.
  ///
  /// @param isUp administratively up
  /// @param hasCarrier whether its cable has a link
  record Seen(boolean isUp, boolean hasCarrier, HostMaster master) implements PfPort {}

  /// It could not be read.
  ///
  /// @param why in words
  record Unseen(String why) implements PfPort {}

  /// What the carrier says of the uplink.
  default Reading carrier() {
    return switch (this) {
      case Unseen(String why) -> new Reading.Unknown(why);
      case Seen(boolean up, boolean _, HostMaster _) when !up ->
          new Reading.Bad("its interface on the host is down");
      case Seen(boolean _, boolean carrier, HostMaster _) ->
          carrier ? Reading.good() : new Reading.Bad("it has no carrier");
    };
  }

  /// What LACP says of the uplink.
  default Reading lacp() {
    return switch (this) {
      case Unseen(String why) -> new Reading.Unknown(why);
      case Seen(boolean _, boolean _, HostMaster master) -> master.lacp();
    };
  }

  /// What it is part of on the host and plugged into; empty if it could not be read.
  default Optional<Cabling> cabling() {
    return switch (this) {
      case Unseen(String _) -> Optional.empty();
      case Seen(boolean _, boolean _, HostMaster master) -> Optional.of(master.cabling());
    };
  }
}
