package dev.podbond.cluster.nodestate;

import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.Comparator;
import java.util.Optional;

/// A PF of the node that members of bonds are VFs of. Texts that are too long are cut.
///
/// @param carrier whether it has one; empty if the agent could not tell
/// @param members how many members of the node's bonds are its VFs
public record PfEntry(String name, String pciAddress, Optional<Boolean> carrier, int members) {
  static final Comparator<PfEntry> BY_ADDRESS =
      Comparator.comparing(PfEntry::pciAddress).thenComparing(PfEntry::name);

  /// Cuts what is too long.
  public PfEntry {
    name = Limits.text(name, Limits.INTERFACE_CHARS);
    pciAddress = Limits.text(pciAddress, Limits.ADDRESS_CHARS);
  }

  /// A PF of a BondNodeState.
  static PfEntry of(JsonObject pf) {
    return new PfEntry(
        LenientObject.text(pf, "name").orElse(""),
        LenientObject.text(pf, "pciAddress").orElse(""),
        pf.get("carrier").filter(JsonBoolean.class::isInstance).map(JsonBoolean.TRUE::equals),
        LenientObject.number(pf, "members").orElse(0));
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("name", name)
        .put("pciAddress", pciAddress)
        .putIfPresent("carrier", carrier, JsonBoolean::of)
        .put("members", members)
        .build();
  }
}
