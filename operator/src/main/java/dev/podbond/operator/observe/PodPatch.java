package dev.podbond.operator.observe;

import dev.podbond.cluster.observed.BondedPod;
import dev.podbond.cluster.observed.PodCondition;
import dev.podbond.json.JsonObject;
import dev.podbond.operator.kubernetes.PodDevices;
import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;

/// Writes a pod's status.
interface PodPatch {
  /// How long a write may last. It is longer than the 10 s that the API server gives a webhook
  /// unless it is told otherwise: a write whose webhook is away and may be left out succeeds after
  /// them.
  Duration TIMEOUT = Duration.ofSeconds(15);

  /// What the API server has of a pod.
  ///
  /// @param version of the pod; 0 if it is unknown
  record Stored(long version, List<PodCondition> conditions) {
    static final Stored NOTHING = new Stored(0, List.of());

    public Stored {
      conditions = List.copyOf(conditions);
    }

    static Stored of(BondedPod pod) {
      return new Stored(pod.version(), pod.conditions());
    }
  }

  /// Merges something into the pod's status.
  ///
  /// @return what is stored then
  /// @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server refuses
  Stored merge(BondedPod pod, JsonObject change);

  /// Writes at the API server. Each merge is tried once: who calls it tries again, and lets others
  /// have their turn in between.
  static PodPatch with(KubernetesClient client) {
    KubernetesClient once = Resources.tryingOnce(client, TIMEOUT);
    return (pod, change) -> {
      PodDevices stored =
          once.resources(PodDevices.class)
              .inNamespace(pod.namespace())
              .withName(pod.name())
              .subresource("status")
              .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), change.toString());
      return new Stored(Resources.version(stored), stored.conditions());
    };
  }
}
