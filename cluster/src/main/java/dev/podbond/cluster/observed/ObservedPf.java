package dev.podbond.cluster.observed;

import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import java.util.Optional;

/// A PF as its node reports it.
///
/// @param carrier whether it has one; empty if its node does not know
public record ObservedPf(String name, String pciAddress, Optional<Boolean> carrier) {
  static ObservedPf of(JsonObject json) {
    return new ObservedPf(
        Texts.of(json, "name"),
        Texts.of(json, "pciAddress"),
        json.get("carrier").filter(JsonBoolean.class::isInstance).map(JsonBoolean.TRUE::equals));
  }

  /// Whether it surely has no carrier.
  boolean dark() {
    return carrier.equals(Optional.of(false));
  }

  @Override
  public String toString() {
    return "PF " + name + " (" + pciAddress + ")";
  }
}
