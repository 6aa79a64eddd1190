package dev.podbond.cluster.object;

import dev.podbond.cluster.source.Position;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.List;
import java.util.Optional;

/// An object that makes pods of a template: a Deployment, ReplicaSet, StatefulSet, DaemonSet, Job
/// or CronJob.
///
/// @param pods what it comes to on one machine: as many as it wants replicas, or a Job runs at a
///   time; one of a DaemonSet. They are called `<name>-0`, `<name>-1`, ... as those of a
///   StatefulSet
public record Workload(ObjectKey key, Position source, JsonObject manifest, List<PodObject> pods)
    implements ClusterObject {
  private static final String METADATA = "metadata";
  static final String OWNERS = "ownerReferences";

  public Workload {
    pods = List.copyOf(pods);
  }

  /// Whether a pod was made of this object's template, whatever that was then.
  public boolean owns(PodObject pod) {
    return pod.key().namespace().equals(key.namespace())
        && pod.manifest().get(METADATA).orElse(JsonNull.NULL) instanceof JsonObject metadata
        && metadata.get(OWNERS).equals(Optional.of(owners(key)));
  }

  /// How a pod says what made it.
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
