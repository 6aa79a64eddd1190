package dev.podbond.cluster.sriov;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import java.util.Map;

/// Which nodes a SriovNetworkNodePolicy selects.
public final class NodeSelection {
  private NodeSelection() {}

  /// Whether a policy's `nodeSelector` selects a node with these labels; without a selector it
  /// selects all.
  ///
  /// @param policy its manifest, even if the rest of it is not understood
  public static boolean selects(JsonObject policy, Map<String, String> labels) {
    return LenientObject.object(LenientObject.object(policy, "spec"), "nodeSelector")
        .members()
        .entrySet()
        .stream()
        .allMatch(wanted ->
            wanted.getValue() instanceof JsonString(String value)
                && value.equals(labels.get(wanted.getKey())));
  }
}
