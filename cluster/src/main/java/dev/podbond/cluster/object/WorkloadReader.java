package dev.podbond.cluster.object;

import dev.podbond.cluster.source.LocatedException;
import dev.podbond.json.JsonNull;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads an object with a pod template: how many pods it makes here, and which networks they
/// request.
final class WorkloadReader {
  /// More than the VFs of one PF; nobody who means a single machine requests as many.
  private static final int MOST_PODS = 256;

  private WorkloadReader() {}

  static Workload read(ObjectKey key, JsonObject manifest, Fields top) throws LocatedException {
    Fields spec = top.requiredObject("spec");
    Fields ofPods =
        key.kind() == Kind.CRON_JOB
            ? spec.requiredObject("jobTemplate").requiredObject("spec")
            : spec;
    int count =
        switch (key.kind()) {
          case DAEMON_SET -> 1;
          case JOB, CRON_JOB -> ofPods.integer("parallelism", 0, MOST_PODS).orElse(1);
          default -> ofPods.integer("replicas", 0, MOST_PODS).orElse(1);
        };
    Fields template = ofPods.requiredObject("template");
    Optional<Fields> metadata = template.object("metadata");
    Optional<Fields> annotations =
        metadata.isPresent() ? metadata.get().object("annotations") : Optional.empty();
    Map<String, String> texts = annotations.isPresent() ? annotations.get().allStrings() : Map.of();
    List<PodObject> pods = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ObjectKey pod = new ObjectKey(Kind.POD, key.namespace(), key.name() + "-" + i);
      if (!ObjectKey.isName(pod.name())) {
        throw new LocatedException(
            top.at(), key.toString(), "its pod " + pod.name() + " would have too long a name");
      }
      pods.add(
          new PodObject(
              pod,
              template.at(),
              podManifest(key, pod, template.mapping().toJson()),
              Optional.ofNullable(texts.get(PodObject.NETWORKS)).filter(text -> !text.isBlank())));
    }
    return new Workload(key, top.at(), manifest, pods);
  }

  private static JsonObject podManifest(ObjectKey owner, ObjectKey pod, JsonObject template) {
    JsonObject metadata =
        template.get("metadata").orElse(JsonNull.NULL) instanceof JsonObject given
            ? given
            : JsonObject.of();
    return JsonObject.builder()
        .put("apiVersion", Kind.POD.apiVersion())
        .put("kind", Kind.POD.toString())
        .put(
            "metadata",
            JsonObject.builder()
                .put("name", new JsonString(pod.name()))
                .put("namespace", new JsonString(pod.namespace()))
                .putIfPresent("labels", metadata.get("labels"))
                .putIfPresent("annotations", metadata.get("annotations"))
                .put(Workload.OWNERS, Workload.owners(owner))
                .build())
        .putIfPresent("spec", template.get("spec"))
        .build();
  }
}
