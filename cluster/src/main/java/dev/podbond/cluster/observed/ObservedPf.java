package dev.podbond.cluster.observed;

import dev.podbond.bonding.uplink.Reading;
import dev.podbond.bonding.uplink.Signal;
import dev.podbond.cluster.nodestate.PfEntry;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import java.util.Optional;

/// A PF as its node reports it.
///
/// @param carrier whether it has one; empty if its node does not know
/// @param upstream what its node says of what is behind its cable
public record ObservedPf(
    String name, String pciAddress, Optional<Boolean> carrier, Reading upstream) {
  static ObservedPf of(JsonObject json) {
    Reading upstream = PfEntry.upstream(json);
    return new ObservedPf(
        Texts.of(json, "name"),
        Texts.of(json, "pciAddress"),
        json.get("carrier").filter(JsonBoolean.class::isInstance).map(JsonBoolean.TRUE::equals),
        upstream instanceof Reading.Bad(String why)
            ? new Reading.Bad(Texts.limited(why))
            : upstream);
  }

  /// How its way out is, as far as its node knows.
  ///
  /// @param before how it was: where nothing is known any more it is as it was, and no restoration
  Uplink uplink(Uplink before) {
    if (carrier.equals(Optional.of(false))) {
      return Uplink.DARK;
    }
    return switch (upstream) {
      case Reading.Bad(String why) -> isOldCarrier(why) ? Uplink.WELL : Uplink.BAD;
      case Reading.Good _ -> Uplink.WELL;
      case Reading.Unknown _ -> carrier.isPresent() ? Uplink.WELL : before;
    };
  }

  /// Whether all that was wrong was a carrier that is there again: its uplink is held down for a
  /// while, and nothing is known to be wrong behind the cable.
  private boolean isOldCarrier(String why) {
    return carrier.equals(Optional.of(true))
        && why.startsWith(Signal.CARRIER + ":")
        && !why.contains("; ");
  }

  /// Whether what is behind its cable is known to be well, and not only that it has a carrier.
  boolean isKnownGood() {
    return upstream.isGood();
  }

  /// Whether traffic that leaves by it is surely lost.
  boolean isLost() {
    return uplink(Uplink.WELL) != Uplink.WELL;
  }

  /// What is known to be wrong behind its cable, as `: lacp: …`; "" if nothing is.
  String reason() {
    return upstream instanceof Reading.Bad(String why) && !why.isEmpty() ? ": " + why : "";
  }

  /// Its approximate size in memory, in bytes.
  int cost() {
    return 200 + reason().length();
  }

  @Override
  public String toString() {
    return "PF " + name + " (" + pciAddress + ")";
  }
}
