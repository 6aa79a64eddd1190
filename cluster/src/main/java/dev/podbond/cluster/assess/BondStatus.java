package dev.podbond.cluster.assess;

import dev.podbond.cluster.bond.Allocation;
import dev.podbond.cluster.bond.BondVlan;
import dev.podbond.cluster.claim.ClaimTemplate;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonNumber;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import dev.podbond.json.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The `status` of a BondNetwork: two conditions by the conventions of Kubernetes' API, and the
/// details that a person needs next.
public final class BondStatus {
  /// Pods can have the bond now.
  public static final String READY = "Ready";

  /// The bond provides less than was requested.
  public static final String DEGRADED = "Degraded";

  /// The member for how the pods' bonds are.
  public static final String BONDS = "bonds";

  /// Keeps a status small in a large cluster.
  static final int MAX_NODES = 50;

  /// The API allows 32768 characters in a condition's message; nobody reads as many.
  private static final int MAX_MESSAGE = 4000;

  private BondStatus() {}

  /// The status that an assessment leads to.
  ///
  /// @param bonds how the pods' bonds are; empty if nobody observes them
  /// @param previous the present status; a condition that does not change keeps its time of
  ///   transition from there
  /// @param now the time of a transition, as RFC 3339 text
  public static JsonObject of(
      Assessment assessment, Optional<JsonObject> bonds, JsonObject previous, String now) {
    BondNetworkView view = new BondNetworkView(assessment);
    return JsonObject.builder()
        .put("observedGeneration", assessment.bond().generation())
        .put(
            "conditions",
            JsonArray.of(
                condition(ready(assessment), assessment, previous, now),
                condition(degraded(assessment), assessment, previous, now)))
        .putIfPresent("networkAttachment", view.attachment(), JsonString::new)
        .put("interface", assessment.bond().interfaceName())
        .put("members", view.members())
        .putIfPresent("vlans", view.vlans())
        .putIfPresent("allocation", assessment.claim().map(BondStatus::allocation))
        .put("nodeCount", assessment.nodes().size())
        .put("podsLeft", assessment.nodes().stream().mapToLong(NodeCapacity::podsLeft).sum())
        .put("nodes", view.nodes())
        .putIfPresent(BONDS, bonds)
        .build();
  }

  private record Condition(String type, boolean status, String reason, String message) {}

  private static Condition ready(Assessment assessment) {
    List<Finding> against = new ArrayList<>(assessment.findings(Reason.Effect.REFUSES_PODS));
    against.addAll(assessment.findings(Reason.Effect.NOT_READY));
    if (!against.isEmpty()) {
      return new Condition(READY, false, against.getFirst().reason().toString(), text(against));
    }
    return new Condition(
        READY,
        true,
        "BondReady",
        (assessment.nodes().isEmpty()
                ? "the network attachment is there; no SriovNetworkNodeState tells of nodes"
                : assessment.nodes().size() + " nodes can serve the bond")
            + assessment.claim().map(BondStatus::unguarded).orElse(""));
  }

  /// What the scheduler does not see to.
  private static String unguarded(ClaimTemplate claim) {
    return claim.distinct().isPresent()
        ? ""
        : "; this cluster's scheduler cannot compare the PFs of two VFs, so that the members are of"
            + " different PFs rests on their resources";
  }

  private static JsonObject allocation(ClaimTemplate claim) {
    return JsonObject.of(
        "resourceClaimTemplate",
        new JsonString(claim.name()),
        "distinct",
        new JsonString(claim.distinct().map(Allocation.Distinct::toString).orElse("resource")));
  }

  private static Condition degraded(Assessment assessment) {
    List<Finding> findings = assessment.findings();
    return findings.isEmpty()
        ? new Condition(DEGRADED, false, "AsExpected", "nothing stands against the bond")
        : new Condition(
            DEGRADED,
            findings.getFirst().reason().effect() != Reason.Effect.INFORMS,
            findings.getFirst().reason().toString(),
            text(findings));
  }

  private static String text(List<Finding> findings) {
    String all = findings.stream().map(Finding::message).collect(Collectors.joining(". "));
    return all.length() <= MAX_MESSAGE ? all : Printable.head(all, MAX_MESSAGE) + "…";
  }

  private static JsonObject condition(
      Condition condition, Assessment assessment, JsonObject previous, String now) {
    String status = condition.status() ? "True" : "False";
    Optional<String> since =
        LenientObject.objects(previous, "conditions").stream()
            .filter(old -> LenientObject.text(old, "type").equals(Optional.of(condition.type())))
            .filter(old -> LenientObject.text(old, "status").equals(Optional.of(status)))
            .flatMap(old -> LenientObject.text(old, "lastTransitionTime").stream())
            .findFirst();
    return JsonObject.builder()
        .put("type", condition.type())
        .put("status", status)
        .put("observedGeneration", assessment.bond().generation())
        .put("lastTransitionTime", since.orElse(now))
        .put("reason", condition.reason())
        .put("message", condition.message())
        .build();
  }

  /// Parts of a status that are lists.
  private record BondNetworkView(Assessment assessment) {
    Optional<String> attachment() {
      return assessment.attachments().isEmpty()
          ? Optional.empty()
          : Optional.of(assessment.bond().path());
    }

    JsonArray members() {
      return new JsonArray(
          assessment.bond().members().stream()
              .<JsonValue>map(member ->
                  JsonObject.builder()
                      .put("sriovNetwork", member.network())
                      .put("interface", member.interfaceName())
                      .putIfPresent("resource", resource(member.network()), JsonString::new)
                      .build())
              .toList());
    }

    /// Empty if there are no VLANs, as in a status from an older release.
    Optional<JsonArray> vlans() {
      List<JsonValue> vlans = new ArrayList<>();
      for (BondVlan vlan : assessment.bond().vlans()) {
        vlans.add(
            JsonObject.builder()
                .putIfPresent("id", vlan.config().get("vlan"))
                .put("interface", vlan.interfaceName())
                .put("networkAttachment", assessment.bond().namespace() + "/" + vlan.network())
                .build());
      }
      return vlans.isEmpty() || assessment.attachments().isEmpty()
          ? Optional.empty()
          : Optional.of(new JsonArray(vlans));
    }

    private Optional<String> resource(String network) {
      return assessment.members().stream()
          .filter(member -> member.name().equals(network))
          .map(member -> member.resource())
          .findFirst();
    }

    JsonArray nodes() {
      return new JsonArray(
          assessment.nodes().stream()
              .limit(MAX_NODES)
              .<JsonValue>map(node ->
                  JsonObject.of(
                      "name",
                      new JsonString(node.node()),
                      "pods",
                      JsonNumber.of(node.pods()),
                      "podsLeft",
                      JsonNumber.of(node.podsLeft())))
              .toList());
    }
  }
}
