package dev.podbond.cluster.object;

import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.List;
import java.util.Optional;

/// An object that makes pods from a template: a Deployment, ReplicaSet, StatefulSet, DaemonSet, Job
/// or CronJob.
///
/// @param pods its pods on one machine: its number of replicas, or of pods that a Job runs at a
///   time; one for a DaemonSet. Their names are `<name>-0`, `<name>-1`, ... as in a StatefulSet
public record Workload(ObjectKey key, Position source, JsonObject manifest, List<PodObject> pods)
    implements ClusterObject {
  private static final String METADATA = "metadata";
  static final String OWNERS = "ownerReferences";

  public Workload {
    pods = List.copyOf(pods);
  }

  /// Whether a pod was made from this object's template, in any version of it.
  public boolean owns(PodObject pod) {
    return pod.key().namespace().equals(key.namespace())
        && pod.manifest().get(METADATA).orElse(JsonNull.NULL) instanceof JsonObject metadata
        && metadata.get(OWNERS).equals(Optional.of(owners(key)));
  }

  /// The entry by which a pod names its maker.
  static JsonArray owners(ObjectKey workload) {
    return JsonArray.of(
        JsonObject.of(
            "apiVersion",
            new JsonString(workload.kind().apiVersion()),
            "kind",
            new JsonString(workload.kind().toString()),
            "name",
            new JsonString(workload.name())));
  }
}
