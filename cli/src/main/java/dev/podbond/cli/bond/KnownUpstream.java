package dev.podbond.cli.bond;

import dev.podbond.bonding.lldp.Neighbour;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.cluster.nodestate.PfEntry;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.Optional;
import java.util.stream.Stream;

/// What an agent knows of the network behind a PF's cable.
///
/// @param state good, bad or unknown; empty if the agent says nothing of it
/// @param why in words; empty if it is good
/// @param neighbour who is at the other end of the cable, or why that is not known, as LLDP says;
///   empty if nobody does
public record KnownUpstream(KnownPf pf, String state, String why, Optional<String> neighbour) {
  /// An element of the list `pfs` in an agent's answer.
  static KnownUpstream of(JsonObject pf) {
    JsonObject upstream = LenientObject.object(pf, "upstream");
    return new KnownUpstream(
        new KnownPf(
            LenientObject.text(pf, "name").orElse(""), LenientObject.text(pf, "pci").orElse("")),
        LenientObject.text(upstream, "state").orElse(""),
        LenientObject.text(upstream, "why").orElse("") + kept(pf),
        Neighbour.text(LenientObject.object(pf, "neighbour")));
  }

  /// An element of the list `pfs` in the status of a BondNodeState.
  static KnownUpstream ofReport(JsonObject pf) {
    KnownPf named =
        new KnownPf(
            LenientObject.text(pf, "name").orElse(""),
            LenientObject.text(pf, "pciAddress").orElse(""));
    Optional<String> neighbour = LenientObject.text(pf, "neighbour");
    return switch (PfEntry.upstream(pf)) {
      case Reading.Good() -> new KnownUpstream(named, "good", "", neighbour);
      case Reading.Bad(String why) -> new KnownUpstream(named, "bad", why, neighbour);
      case Reading.Unknown _ -> new KnownUpstream(named, "", "", neighbour);
    };
  }

  private static String kept(JsonObject pf) {
    return LenientObject.text(pf, "vfLinkStateRefused")
        .map(why -> "; its VFs keep their link: " + why)
        .orElse("");
  }

  /// Whether traffic that leaves by this PF is lost.
  public boolean isBad() {
    return state.equals("bad");
  }

  /// Whether a bond depends on it.
  public boolean isOf(KnownBond bond) {
    return bond.members().stream().flatMap(member -> member.pf().stream()).anyMatch(this::isOf);
  }

  /// Whether it is that behind this PF.
  public boolean isOf(KnownPf other) {
    return other.pci().isEmpty() ? other.name().equals(pf.name()) : other.pci().equals(pf.pci());
  }

  /// Such as `upstream of PF ens1f0 (0000:3b:00.0): bad, LACP of …`; empty if nothing is said of
  /// it.
  public Optional<String> line() {
    return state.isEmpty()
        ? Optional.empty()
        : Optional.of("upstream of PF " + pf + ": " + state + (why.isEmpty() ? "" : ", " + why));
  }

  /// Of one that is bad, such as `the uplink of PF ens1f0 (0000:3b:00.0) is bad: LACP of …`.
  public String badLine() {
    return "the uplink of PF " + pf + " is bad" + (why.isEmpty() ? "" : ": " + why);
  }

  /// Such as `neighbour of PF ens1f0 (0000:3b:00.0): spine-1 (00:1c:73:aa:bb:01), port
  /// Ethernet1/1`.
  private Optional<String> neighbourLine() {
    return neighbour.map(text -> "neighbour of PF " + pf + ": " + text);
  }

  /// All that is said of it, a line each.
  public Stream<String> lines() {
    return Stream.concat(line().stream(), neighbourLine().stream());
  }
}
