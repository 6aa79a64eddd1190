package dev.podbond.cluster.nodestate;

import dev.podbond.bonding.state.BondHealth;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.util.List;
import java.util.Optional;

/// What the status of a BondNodeState says. States that are equal have equal JSON.
///
/// @param agentVersion the release of the node's agent
/// @param summary of all bonds
/// @param pfs by PCI address
/// @param uplinkStorm why none of the PFs' uplinks counts, in a storm
/// @param bonds those that fit, worst first
/// @param omitted how many are left out
public record NodeState(
    String agentVersion,
    Summary summary,
    List<PfEntry> pfs,
    Optional<String> uplinkStorm,
    List<BondEntry> bonds,
    int omitted) {
  /// How many bonds there are, and how they are.
  ///
  /// @param pfsDown how many PFs are known to have no carrier
  public record Summary(int bonds, int healthy, int degraded, int down, int pfsDown) {
    static final Summary NONE = new Summary(0, 0, 0, 0, 0);

    /// With one more bond.
    Summary plus(BondHealth health) {
      return new Summary(
          bonds + 1,
          healthy + (health == BondHealth.HEALTHY ? 1 : 0),
          degraded + (health == BondHealth.DEGRADED ? 1 : 0),
          down + (health == BondHealth.DOWN ? 1 : 0),
          pfsDown);
    }

    Summary withPfsDown(int count) {
      return new Summary(bonds, healthy, degraded, down, count);
    }

    private static Summary of(JsonObject json) {
      return new Summary(
          LenientObject.number(json, "bonds").orElse(0),
          LenientObject.number(json, "healthy").orElse(0),
          LenientObject.number(json, "degraded").orElse(0),
          LenientObject.number(json, "down").orElse(0),
          LenientObject.number(json, "pfsDown").orElse(0));
    }

    private JsonObject toJson() {
      return JsonObject.builder()
          .put("bonds", bonds)
          .put("healthy", healthy)
          .put("degraded", degraded)
          .put("down", down)
          .put("pfsDown", pfsDown)
          .build();
    }
  }

  /// Nothing is known of the node.
  public static final NodeState NONE =
      new NodeState("", Summary.NONE, List.of(), Optional.empty(), List.of(), 0);

  /// Cuts texts that are too long.
  public NodeState {
    agentVersion = Limits.text(agentVersion, Limits.VERSION_CHARS);
    pfs = List.copyOf(pfs);
    uplinkStorm = Limits.text(uplinkStorm, Limits.SENTENCE_CHARS);
    bonds = List.copyOf(bonds);
  }

  /// The status of a BondNodeState, whoever has written it. What is missing is as in [#NONE].
  public static NodeState of(JsonObject status) {
    return new NodeState(
        LenientObject.text(LenientObject.object(status, "observedAgent"), "version").orElse(""),
        Summary.of(LenientObject.object(status, "summary")),
        LenientObject.objects(status, "pfs").stream().map(PfEntry::of).toList(),
        LenientObject.text(status, "uplinkStorm"),
        LenientObject.objects(status, "bonds").stream().map(BondEntry::of).toList(),
        LenientObject.number(status, "omitted").orElse(0));
  }

  /// This state, or an earlier one if the two differ in nothing but the reasons why uplinks are
  /// bad: these change with every host that answers or does not, and nobody is to write for them
  /// alone.
  NodeState unlessOnlyReasonsDiffer(NodeState before) {
    return withoutReasons().equals(before.withoutReasons()) ? before : this;
  }

  private NodeState withoutReasons() {
    return new NodeState(
        agentVersion,
        summary,
        pfs.stream().map(PfEntry::withoutReason).toList(),
        uplinkStorm.map(_ -> "a storm"),
        bonds,
        omitted);
  }

  /// The status.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("observedAgent", JsonObject.builder().put("version", agentVersion).build())
        .put("summary", summary.toJson())
        .put("pfs", new JsonArray(pfs.stream().<JsonValue>map(PfEntry::toJson).toList()))
        .putIfPresent("uplinkStorm", uplinkStorm, JsonString::new)
        .put("bonds", new JsonArray(bonds.stream().<JsonValue>map(BondEntry::toJson).toList()))
        .put("omitted", omitted)
        .build();
  }
}
