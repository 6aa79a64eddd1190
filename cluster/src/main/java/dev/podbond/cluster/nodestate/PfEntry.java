package dev.podbond.cluster.nodestate;

import dev.podbond.bonding.uplink.Reading;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import java.util.Comparator;
import java.util.Optional;

/// A PF of the node that members of bonds are VFs of. Texts that are too long are cut.
///
/// @param carrier whether it has one; empty if the agent could not tell
/// @param upstream the verdict on what is behind its cable; one that is unknown has no words here
/// @param members how many members of the node's bonds are its VFs
/// @param neighbour who is at the other end of its cable, as LLDP says; empty if nobody does
public record PfEntry(
    String name,
    String pciAddress,
    Optional<Boolean> carrier,
    Reading upstream,
    int members,
    Optional<String> neighbour) {
  static final Comparator<PfEntry> BY_ADDRESS =
      Comparator.comparing(PfEntry::pciAddress).thenComparing(PfEntry::name);

  private static final String GOOD = "good";
  private static final String BAD = "bad";

  /// Cuts what is too long.
  public PfEntry {
    name = Limits.text(name, Limits.INTERFACE_CHARS);
    pciAddress = Limits.text(pciAddress, Limits.ADDRESS_CHARS);
    upstream =
        switch (upstream) {
          case Reading.Good good -> good;
          case Reading.Bad(String why) -> new Reading.Bad(Limits.text(why, Limits.SENTENCE_CHARS));
          case Reading.Unknown _ -> reading("", "");
        };
    neighbour = Limits.text(neighbour, Limits.SENTENCE_CHARS);
  }

  /// A PF of a BondNodeState.
  static PfEntry of(JsonObject pf) {
    return new PfEntry(
        LenientObject.text(pf, "name").orElse(""),
        LenientObject.text(pf, "pciAddress").orElse(""),
        carrier(pf),
        upstream(pf),
        LenientObject.number(pf, "members").orElse(0),
        LenientObject.text(pf, "neighbour"));
  }

  /// Whether a PF has a carrier, as an agent or a BondNodeState tells.
  static Optional<Boolean> carrier(JsonObject pf) {
    return pf.get("carrier").filter(JsonBoolean.class::isInstance).map(JsonBoolean.TRUE::equals);
  }

  /// What a BondNodeState says of what is behind a PF's cable.
  ///
  /// @param pf an element of `pfs` of its status
  public static Reading upstream(JsonObject pf) {
    return reading(
        LenientObject.text(pf, "upstream").orElse(""),
        LenientObject.text(pf, "upstreamReason").orElse(""));
  }

  /// The verdict that a PF of the agent's answer has. What was only read at one moment is none:
  /// nobody would tell of its end.
  static Reading verdict(JsonObject pf) {
    JsonObject upstream = LenientObject.object(pf, "upstream");
    return upstream.get("watched").filter(JsonBoolean.TRUE::equals).isPresent()
        ? reading(
            LenientObject.text(upstream, "state").orElse(""),
            LenientObject.text(upstream, "why").orElse(""))
        : reading("", "");
  }

  private static Reading reading(String state, String why) {
    return switch (state) {
      case GOOD -> Reading.good();
      case BAD -> new Reading.Bad(why);
      default -> new Reading.Unknown("");
    };
  }

  /// The same without the reason why what is behind its cable is bad.
  PfEntry withoutReason() {
    return new PfEntry(
        name,
        pciAddress,
        carrier,
        upstream.isBad() ? new Reading.Bad("") : upstream,
        members,
        neighbour);
  }

  JsonObject toJson() {
    JsonObject.Builder json =
        JsonObject.builder()
            .put("name", name)
            .put("pciAddress", pciAddress)
            .putIfPresent("carrier", carrier, JsonBoolean::of);
    switch (upstream) {
      case Reading.Good() -> json.put("upstream", GOOD);
      case Reading.Bad(String why) -> {
        json.put("upstream", BAD);
        json.putIfPresent(
            "upstreamReason", Optional.of(why).filter(text -> !text.isEmpty()), JsonString::new);
      }
      case Reading.Unknown _ -> {}
    }
    return json.put("members", members)
        .putIfPresent("neighbour", neighbour, JsonString::new)
        .build();
  }
}
