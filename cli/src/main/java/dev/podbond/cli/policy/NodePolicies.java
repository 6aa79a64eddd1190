package dev.podbond.cli.policy;

import dev.podbond.cluster.object.ClusterObject;
import dev.podbond.cluster.object.NodePolicy;
import dev.podbond.cluster.object.ObjectKey;
import dev.podbond.cluster.object.ReadObjects;
import dev.podbond.cluster.render.PolicyList;
import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.yaml.YamlObjects;
import dev.podbond.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The part of a cluster's list of policies that concerns one node; each policy is read by itself.
///
/// @param policies those that can be followed
/// @param passedBy those that cannot, since they request something not supported here
public record NodePolicies(List<NodePolicy> policies, List<ReadObjects.Unread> passedBy) {
  public NodePolicies {
    policies = List.copyOf(policies);
    passedBy = List.copyOf(passedBy);
  }

  /// The policies of a node. It does not examine policies for other nodes.
  ///
  /// @param text a list that [PolicyList] wrote
  /// @throws LocatedException if the text as a whole cannot be read
  public static NodePolicies of(String text, String node) throws LocatedException {
    ReadObjects read = YamlObjects.readEach("policies", text);
    return new NodePolicies(
        ClusterObject.only(NodePolicy.class, read.objects()).stream()
            .filter(policy -> PolicyList.isFor(policy.manifest(), node))
            .toList(),
        read.unread().stream()
            .filter(unread ->
                unread.written() instanceof JsonObject written && PolicyList.isFor(written, node))
            .toList());
  }

  /// The keys of the skipped policies.
  public Set<ObjectKey> passedByKeys() {
    return passedBy.stream()
        .map(ReadObjects.Unread::key)
        .flatMap(Optional::stream)
        .collect(Collectors.toCollection(HashSet::new));
  }
}
