package dev.podbond.operator.reconcile;

import dev.podbond.cluster.render.PolicyList;
import dev.podbond.json.JsonObject;
import dev.podbond.operator.kubernetes.Alone;
import dev.podbond.operator.kubernetes.NodeLabels;
import dev.podbond.operator.kubernetes.PartialPolicy;
import dev.podbond.operator.kubernetes.Resources;
import dev.podbond.operator.kubernetes.ResyncQueue;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
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

  private final KubernetesClient client;
  private final String namespace;
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
    this.client = client;
    this.namespace = namespace;
    events = new ConditionEvents(client);
    policies = Resources.informer(client, PartialPolicy.class);
    nodes =
        Resources.lasting(
            client.resources(NodeLabels.class).withLimit(Resources.LONG_PAGE).runnableInformer(0));
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
    Map<String, Map<String, String>> labels = new HashMap<>();
    for (NodeLabels node : nodes.getStore().list()) {
      labels.put(node.getMetadata().getName(), node.labels());
    }
    String text = PolicyList.of(manifests, labels).toString();
    if (text.equals(published)) {
      return;
    }
    try {
      Resources.apply(
          client,
          new ConfigMapBuilder()
              .withNewMetadata()
              .withName(NAME)
              .withNamespace(namespace)
              .endMetadata()
              .addToData(KEY, text)
              .build());
      published = text;
    } catch (KubernetesClientException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot publish the policies, tried again", e);
      resync.again();
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
