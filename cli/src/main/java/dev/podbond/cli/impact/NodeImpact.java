package dev.podbond.cli.impact;

import dev.podbond.cli.bond.KnownBond;
import dev.podbond.cli.bond.KnownBonds;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What becomes of a node's bonds in an outage.
///
/// @param impacts on the bonds that have a member there, the worst first
/// @param elsewhere how many bonds have none
/// @param unplaced members that are up, of which the agent does not know the PF: "net1 of bond0 of
///   demo/web"
public record NodeImpact(
    Outage outage, List<Impact> impacts, int elsewhere, List<String> unplaced) {
  public NodeImpact {
    impacts = List.copyOf(impacts);
    unplaced = List.copyOf(unplaced);
  }

  /// The impact on what an agent tells of.
  public static NodeImpact of(KnownBonds known, Outage outage) {
    List<KnownBond> bonds = known.bonds();
    List<Impact> impacts =
        bonds.stream()
            .flatMap(bond -> Impact.of(bond, outage, known::hasBadUplink).stream())
            .sorted(
                Comparator.comparing(Impact::fate)
                    .thenComparing(impact -> impact.bond().pod())
                    .thenComparing(impact -> impact.bond().bond()))
            .toList();
    List<String> unplaced =
        bonds.stream()
            .flatMap(bond ->
                bond.members().stream()
                    .filter(member -> member.isUp() && member.pf().isEmpty())
                    .map(member -> member.name() + " of " + bond.bond() + " of " + bond.pod()))
            .toList();
    return new NodeImpact(outage, impacts, bonds.size() - impacts.size(), unplaced);
  }

  /// How many bonds meet a fate.
  public int count(Fate fate) {
    return (int) impacts.stream().filter(impact -> impact.fate() == fate).count();
  }

  /// How many bonds go down though they keep members, since none of these has a good uplink.
  int onlyDeadEnds() {
    return (int) impacts.stream().filter(Impact::leavesOnlyDeadEnds).count();
  }

  /// What the mark at members that are left means; empty if no bond goes down with one.
  public Optional<String> remark() {
    return Optional.of(onlyDeadEnds())
        .filter(count -> count > 0)
        .map(count ->
            "Of those that would go down, %d would keep only members with a bad uplink (!)"
                .formatted(count));
  }

  /// The numbers in one sentence.
  public String summary() {
    List<String> parts = new ArrayList<>();
    int down = count(Fate.DOWN);
    parts.add((down == 0 ? "no bond" : bonds(down)) + " would go down");
    add(parts, Fate.FAILS_OVER, "would fail over");
    add(parts, Fate.LOSES_CAPACITY, "would lose capacity");
    add(parts, Fate.LOSES_REDUNDANCY, "would only lose redundancy");
    int unchanged = count(Fate.UNCHANGED);
    if (unchanged > 0) {
      parts.add(unchanged + " would stay as " + (unchanged == 1 ? "it is" : "they are"));
    }
    int already = count(Fate.DOWN_ALREADY);
    if (already > 0) {
      parts.add(already + (already == 1 ? " is" : " are") + " down already");
    }
    String others =
        elsewhere == 0
            ? ""
            : "; %d of %s %s no member there"
                .formatted(
                    elsewhere, bonds(impacts.size() + elsewhere), elsewhere == 1 ? "has" : "have");
    return "If %s went: %s%s.".formatted(outage, String.join(", ", parts), others);
  }

  private void add(List<String> parts, Fate fate, String words) {
    int count = count(fate);
    if (count > 0) {
      parts.add(count + " " + words);
    }
  }

  private static String bonds(int count) {
    return count == 1 ? "1 bond" : count + " bonds";
  }

  /// All of it for programs.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put(
            "pfs",
            new JsonArray(
                outage.pfs().stream()
                    .map(pf ->
                        (JsonValue)
                            JsonObject.builder()
                                .put("name", pf.name())
                                .put("pci", pf.pci())
                                .build())
                    .toList()))
        .put(
            "summary",
            JsonObject.builder()
                .put("bonds", impacts.size() + elsewhere)
                .put("down", count(Fate.DOWN))
                .put("onlyDeadEnds", onlyDeadEnds())
                .put("failOver", count(Fate.FAILS_OVER))
                .put("loseCapacity", count(Fate.LOSES_CAPACITY))
                .put("loseRedundancy", count(Fate.LOSES_REDUNDANCY))
                .put("unchanged", count(Fate.UNCHANGED))
                .put("downAlready", count(Fate.DOWN_ALREADY))
                .put("elsewhere", elsewhere)
                .build())
        .put(
            "bonds",
            new JsonArray(impacts.stream().map(impact -> (JsonValue) impact.toJson()).toList()))
        .put("unplaced", JsonArray.ofStrings(unplaced))
        .build();
  }
}
