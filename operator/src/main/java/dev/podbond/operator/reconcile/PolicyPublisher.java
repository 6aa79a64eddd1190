package dev.podbond.operator.reconcile;

import dev.podbond.cluster.render.PolicyList;
import dev.podbond.json.JsonObject;
import dev.podbond.operator.kubernetes.Alone;
import dev.podbond.operator.kubernetes.NodeLabels;
import dev.podbond.operator.kubernetes.PartialPolicy;
import dev.podbond.operator.kubernetes.Resources;
import dev.podbond.operator.kubernetes.ResyncQueue;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts all SriovNetworkNodePolicies into a ConfigMap that the pod on every node mounts. There
/// `podbond follow` makes the VFs, so nodes need no rights at the API server. A policy that nodes
/// do not support gets an event.
public final class PolicyPublisher {
  private static final System.Logger LOG = System.getLogger(PolicyPublisher.class.getName());
  private static final String NAME = "podbond-node-policies";
  private static final String KEY = "policies.json";

  private final PublishedText text;
  private final ResyncQueue resync = new ResyncQueue(this::compare);
  private final SharedIndexInformer<PartialPolicy> policies;
  private final SharedIndexInformer<NodeLabels> nodes;
  private final ConditionEvents events;
  private Map<String, String> told = Map.of();
  private String published = "";

  /// Call [#start] to start it.
  ///
  /// @param namespace of the ConfigMap
  public PolicyPublisher(KubernetesClient client, String namespace) {
    text = new PublishedText(client, namespace, NAME, KEY, "the policies");
    events = new ConditionEvents(client);
    policies = Resources.informer(client, PartialPolicy.class);
    nodes = NodeLabels.informer(client);
  }

  /// Starts publishing.
  public void start() {
    policies.start().toCompletableFuture().join();
    nodes.start().toCompletableFuture().join();
    policies.addEventHandler(resync.handler());
    nodes.addEventHandler(resync.handler());
    resync.start();
  }

  private void compare() {
    List<JsonObject> manifests = new ArrayList<>();
    Map<String, String> problems = new HashMap<>();
    for (PartialPolicy policy : policies.getStore().list()) {
      var _ = Alone.attempt(() -> Resources.name(policy), () -> read(policy, manifests, problems));
    }
    told = problems;
    String now = PolicyList.of(manifests, NodeLabels.byName(nodes.getStore().list())).toString();
    if (!now.equals(published) && text.publish(now, resync)) {
      published = now;
    }
  }

  private void read(
      PartialPolicy policy, List<JsonObject> manifests, Map<String, String> problems) {
    // Nodes must know at least that an unread policy exists.
    JsonObject manifest = policy.problem().isPresent() ? policy.head() : policy.manifest();
    manifests.add(manifest);
    Optional<String> problem = policy.problem().or(() -> PolicyList.problem(manifest));
    if (problem.isPresent()) {
      String uid = policy.getMetadata().getUid();
      problems.put(uid, problem.get());
      if (!problem.get().equals(told.get(uid))) {
        tell(policy, problem.get());
      }
    }
  }

  /// The policy is published nevertheless: as long as it exists, nodes leave alone what they have
  /// of it.
  private void tell(PartialPolicy policy, String problem) {
    try {
      events.warn(policy, "PassedBy", "nodes ignore this policy: " + problem);
    } catch (KubernetesClientException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "cannot say on the policy " + policy.getMetadata().getName() + ": " + problem,
          e);
    }
  }
}
