package dev.podbond.operator.observe;

import dev.podbond.cluster.observed.BondedPod;
import dev.podbond.cluster.observed.PodCondition;
import dev.podbond.json.JsonObject;
import dev.podbond.operator.kubernetes.PodDevices;
import dev.podbond.operator.kubernetes.Resources;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;

/// Writes a pod's status.
interface PodPatch {
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

  /// Writes at the API server.
  static PodPatch with(KubernetesClient client) {
    return (pod, change) -> {
      PodDevices stored =
          client
              .resources(PodDevices.class)
              .inNamespace(pod.namespace())
              .withName(pod.name())
              .subresource("status")
              .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), change.toString());
      return new Stored(Resources.version(stored), stored.conditions());
    };
  }
}
