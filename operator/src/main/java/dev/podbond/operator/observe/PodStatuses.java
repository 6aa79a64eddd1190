package dev.podbond.operator.observe;

import dev.podbond.cluster.observed.BondedPod;
import dev.podbond.cluster.observed.PodCondition;
import dev.podbond.cluster.observed.PodVerdict;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import dev.podbond.operator.kubernetes.PodDevices;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The conditions of pods, written one pod at a time. Until the API server tells of what was
/// written, it counts as written here, so that nothing is written twice.
final class PodStatuses implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PodStatuses.class.getName());
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Writes writes = new Writes("conditions of pods", 150, 8, 100_000);
  private final Map<String, List<PodCondition>> written = new ConcurrentHashMap<>();

  PodStatuses(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /// The API server tells of a pod.
  void seen(BondedPod pod) {
    written.computeIfPresent(
        pod.uid(), (_, wanted) -> wanted.equals(pod.conditions()) ? null : wanted);
  }

  /// A pod is gone, or will be.
  void forget(BondedPod pod) {
    written.remove(pod.uid());
  }

  /// A pod with the conditions that it has, or is about to have.
  BondedPod asWritten(BondedPod pod) {
    List<PodCondition> wanted = written.get(pod.uid());
    return wanted == null
        ? pod
        : new BondedPod(pod.namespace(), pod.name(), pod.uid(), pod.node(), pod.uses(), wanted);
  }

  /// Has conditions written.
  ///
  /// @param failed runs if they could not be written and the pod may still be there
  void write(PodVerdict verdict, Runnable failed) {
    BondedPod pod = verdict.pod();
    written.put(pod.uid(), verdict.conditions());
    writes.add(pod.uid(), () -> patch(verdict, failed));
  }

  private void patch(PodVerdict verdict, Runnable failed) {
    BondedPod pod = verdict.pod();
    try {
      var _ =
          client
              .resources(PodDevices.class)
              .inNamespace(pod.namespace())
              .withName(pod.name())
              .subresource("status")
              .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), status(verdict).toString());
    } catch (KubernetesClientException e) {
      written.remove(pod.uid());
      if (e.getCode() == NOT_FOUND || e.getCode() == CONFLICT) {
        // It is gone, or another pod has its name; that one comes by itself.
        return;
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "cannot write the conditions of pod " + pod.path() + ", tried again",
          e);
      failed.run();
    }
  }

  /// With the UID the API server refuses it for another pod of that name.
  private JsonObject status(PodVerdict verdict) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return JsonObject.of(
        "metadata",
        JsonObject.builder().put("uid", verdict.pod().uid()).build(),
        "status",
        JsonObject.of(
            "conditions",
            new JsonArray(
                verdict.conditions().stream()
                    .<JsonValue>map(condition -> condition(verdict.pod(), condition, now))
                    .toList())));
  }

  private static JsonObject condition(BondedPod pod, PodCondition condition, String now) {
    JsonObject.Builder json =
        JsonObject.builder()
            .put("type", condition.type())
            .put("status", condition.status())
            .put("reason", condition.reason())
            .put("message", condition.message());
    boolean isTransition =
        pod.conditions().stream()
            .noneMatch(before ->
                before.type().equals(condition.type())
                    && before.status().equals(condition.status()));
    if (isTransition) {
      // Merged into what is there, it keeps its time otherwise.
      json.put("lastTransitionTime", now);
    }
    return json.build();
  }

  @Override
  public void close() {
    writes.close();
  }
}
