package dev.podbond.bonding.facts;

import dev.podbond.value.MacAddress;
import dev.podbond.value.VfLinkState;
import dev.podbond.value.VfVlan;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;

/// A VF's settings on its PF's side, observed or to be set. An absent setting is unknown, or to be
/// left alone.
///
/// @param adminMac the MAC that only the PF (or a trusted VF) may change; zero if not set
/// @param minTxRateMbps guaranteed rate in Mbit/s, 0 for no guarantee
/// @param maxTxRateMbps limit in Mbit/s, 0 for no limit
public record VfSettings(
    Optional<MacAddress> adminMac,
    Optional<VfVlan> vlan,
    OptionalInt minTxRateMbps,
    OptionalInt maxTxRateMbps,
    Optional<Boolean> spoofCheck,
    Optional<Boolean> trust,
    Optional<VfLinkState> linkState) {
  /// Nothing known, or nothing to set.
  public static final VfSettings NONE =
      new VfSettings(
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  public boolean isEmpty() {
    return equals(NONE);
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ");
    adminMac.ifPresent(value -> text.add("admin MAC " + value));
    vlan.ifPresent(value -> text.add("VLAN " + value));
    minTxRateMbps.ifPresent(value -> text.add("min tx rate " + value + " Mbit/s"));
    maxTxRateMbps.ifPresent(value -> text.add("max tx rate " + value + " Mbit/s"));
    spoofCheck.ifPresent(value -> text.add("spoof check " + (value ? "on" : "off")));
    trust.ifPresent(value -> text.add("trust " + (value ? "on" : "off")));
    linkState.ifPresent(value -> text.add("link state " + value));
    return text.toString();
  }
}
