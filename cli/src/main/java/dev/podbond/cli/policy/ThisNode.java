package dev.podbond.cli.policy;

import dev.podbond.cluster.object.Kind;
import dev.podbond.cluster.object.NodeObject;
import dev.podbond.cluster.sriov.NodeSelection;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.LenientObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// This machine as policies select it.
///
/// @param labels its labels; empty if they are unknown, and then a `nodeSelector` is ignored
public record ThisNode(Optional<Map<String, String>> labels) {
  private static final String HOST_NAME = "kubernetes.io/hostname";

  /// What is known of this machine.
  ///
  /// @param name its given node name
  /// @param given its given labels, which take precedence over others
  /// @param nodes the nodes described beside the policies
  /// @param hostName its name if no name was given
  /// @throws IllegalArgumentException if nodes are described but this machine is not among them
  public static ThisNode of(
      Optional<String> name,
      Map<String, String> given,
      Collection<NodeObject> nodes,
      String hostName) {
    String wanted = name.orElse(hostName);
    List<NodeObject> found =
        nodes.stream().filter(node -> node.key().name().equals(wanted)).toList();
    if (found.isEmpty() && name.isEmpty() && given.isEmpty()) {
      if (nodes.isEmpty()) {
        return new ThisNode(Optional.empty());
      }
      throw new IllegalArgumentException(
          "the files describe the nodes "
              + String.join(", ", nodes.stream().map(node -> node.key().name()).sorted().toList())
              + ", and this machine is called "
              + hostName
              + "; say with --node which one it is");
    }
    Map<String, String> labels = new HashMap<>();
    name.ifPresent(node -> labels.put(HOST_NAME, node));
    found.forEach(node -> labels.putAll(node.labels()));
    labels.putAll(given);
    return new ThisNode(Optional.of(Map.copyOf(labels)));
  }

  /// Whether a policy is known to be for other machines only.
  ///
  /// @param object any object as written, even if it is not understood
  public boolean isPassedBy(JsonObject object) {
    return object.get("kind").equals(Optional.of(new JsonString(Kind.NODE_POLICY.toString())))
        && labels.isPresent()
        && !NodeSelection.selects(object, labels.get());
  }

  /// The `nodeSelector` of such a policy, for people.
  public static String selector(JsonObject policy) {
    return LenientObject.object(LenientObject.object(policy, "spec"), "nodeSelector").toString();
  }
}
