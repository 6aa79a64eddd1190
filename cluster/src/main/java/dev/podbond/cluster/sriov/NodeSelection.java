package dev.podbond.cluster.sriov;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import java.util.Map;

/// Which nodes a `nodeSelector` selects, of a SriovNetworkNodePolicy or of another object that has
/// one.
public final class NodeSelection {
  /// The field in a `spec`.
  public static final String KEY = "nodeSelector";

  private NodeSelection() {}

  /// Whether a policy's `nodeSelector` selects a node with these labels; without a selector it
  /// selects all.
  ///
  /// @param policy its manifest, even if the rest of it is not understood
  public static boolean selects(JsonObject policy, Map<String, String> labels) {
    return matches(selector(policy), labels);
  }

  /// The `nodeSelector` of a manifest; empty without one.
  public static JsonObject selector(JsonObject manifest) {
    return LenientObject.object(LenientObject.object(manifest, "spec"), KEY);
  }

  /// Whether a node with these labels has all that a selector wants.
  public static boolean matches(JsonObject selector, Map<String, String> labels) {
    return selector.members().entrySet().stream()
        .allMatch(wanted ->
            wanted.getValue() instanceof JsonString(String value)
                && value.equals(labels.get(wanted.getKey())));
  }
}
