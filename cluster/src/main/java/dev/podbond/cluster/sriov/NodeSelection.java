package dev.podbond.cluster.sriov;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import java.util.Map;

/// Which nodes a SriovNetworkNodePolicy is for.
public final class NodeSelection {
  private NodeSelection() {}

  /// Whether a policy's `nodeSelector` means a node of these labels; without one it means all.
  ///
  /// @param policy its manifest, whether or not the rest of it is understood
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
