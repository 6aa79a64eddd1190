package dev.podbond.cluster.render;

import dev.podbond.cluster.object.ObjectReader;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.sriov.NodeSelection;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The policies of a cluster, each with the names of its nodes. Nodes need those names because they
/// cannot see their own labels.
public final class PolicyList {
  /// Names of nodes, separated by commas.
  private static final String NODES = "podbond.dev/nodes";

  private PolicyList() {}

  /// A `List` of policies, in the order of their names.
  ///
  /// @param policies manifests of SriovNetworkNodePolicies
  /// @param nodes the labels of every node, by its name
  public static JsonObject of(List<JsonObject> policies, Map<String, Map<String, String>> nodes) {
    List<JsonValue> items = new ArrayList<>();
    policies.stream()
        .sorted(Comparator.comparing(PolicyList::name))
        .forEach(policy -> items.add(withNodes(policy, nodes)));
    return JsonObject.builder()
        .put("apiVersion", "v1")
        .put("kind", "List")
        .put("items", new JsonArray(items))
        .build();
  }

  /// Whether a policy of such a list is for a node.
  ///
  /// @param policy its manifest, even if the rest of it is not understood
  public static boolean isFor(JsonObject policy, String node) {
    JsonObject annotations =
        LenientObject.object(LenientObject.object(policy, "metadata"), "annotations");
    return LenientObject.text(annotations, NODES)
        .filter(names -> Arrays.asList(names.split(",", -1)).contains(node))
        .isPresent();
  }

  /// Why nodes will skip a policy; empty if they can follow it.
  ///
  /// @param policy its manifest
  public static Optional<String> problem(JsonObject policy) {
    try {
      ObjectReader.restore(policy, name(policy));
      return Optional.empty();
    } catch (LocatedException e) {
      return Optional.of(e.problem());
    }
  }

  private static JsonObject withNodes(JsonObject policy, Map<String, Map<String, String>> nodes) {
    String names =
        nodes.entrySet().stream()
            .filter(node -> NodeSelection.selects(policy, node.getValue()))
            .map(Map.Entry::getKey)
            .sorted()
            .reduce((first, second) -> first + "," + second)
            .orElse("");
    JsonObject metadata = LenientObject.object(policy, "metadata");
    return JsonObject.builder()
        .putIfPresent("apiVersion", policy.get("apiVersion"))
        .putIfPresent("kind", policy.get("kind"))
        .put(
            "metadata",
            JsonObject.builder()
                .put("name", name(policy))
                .putIfPresent("namespace", metadata.get("namespace"))
                .put("annotations", JsonObject.of(NODES, new JsonString(names)))
                .build())
        .putIfPresent("spec", policy.get("spec"))
        .build();
  }

  private static String name(JsonObject policy) {
    return LenientObject.text(LenientObject.object(policy, "metadata"), "name").orElse("");
  }
}
