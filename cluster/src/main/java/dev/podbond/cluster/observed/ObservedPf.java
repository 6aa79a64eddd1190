package dev.podbond.cluster.observed;

import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;

/// A PF as its node reports it.
///
/// @param dark whether it surely has no carrier
public record ObservedPf(String name, String pciAddress, boolean dark) {
  static ObservedPf of(JsonObject json) {
    return new ObservedPf(
        Texts.of(json, "name"),
        Texts.of(json, "pciAddress"),
        json.get("carrier").filter(JsonBoolean.FALSE::equals).isPresent());
  }

  @Override
  public String toString() {
    return "PF " + name + " (" + pciAddress + ")";
  }
}
