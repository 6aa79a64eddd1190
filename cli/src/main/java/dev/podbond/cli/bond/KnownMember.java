package dev.podbond.cli.bond;

import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.Optional;
import java.util.stream.Stream;

/// A member of a bond, as an agent tells of it.
///
/// @param name its interface in the pod
/// @param state `up`, `down`, `held` or `missing`
/// @param failures how often its link failed, as the kernel counts
/// @param pci the PCI address of its VF; may be empty
/// @param driver the driver of its VF; may be empty
/// @param pf the PF of its VF, if the agent knows it
public record KnownMember(
    String name, String state, int failures, String pci, String driver, Optional<KnownPf> pf) {
  static KnownMember of(JsonObject said) {
    KnownPf pf = new KnownPf(text(said, "pf"), text(said, "pfPci", "pfPciAddress"));
    return new KnownMember(
        text(said, "name"),
        text(said, "mii", "state"),
        LenientObject.number(said, "failures").orElse(0),
        text(said, "pci", "pciAddress"),
        text(said, "driver"),
        pf.name().isEmpty() && pf.pci().isEmpty() ? Optional.empty() : Optional.of(pf));
  }

  /// The first that is there: an agent and a node's object in the cluster call some differently.
  private static String text(JsonObject said, String... keys) {
    return Stream.of(keys)
        .flatMap(key -> LenientObject.text(said, key).stream())
        .findFirst()
        .orElse("");
  }

  /// Whether the bond can use it.
  public boolean isUp() {
    return state.equals("up");
  }

  /// Whether the agent keeps it from carrying traffic, since the uplink of its PF is bad.
  public boolean isHeld() {
    return state.equals("held");
  }
}
