package dev.podbond.operator.observe;

import dev.podbond.cluster.observed.BondedPod;
import dev.podbond.cluster.observed.PodCondition;
import dev.podbond.cluster.observed.PodVerdict;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import dev.podbond.operator.observe.PodPatch.Stored;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The conditions of pods, written one pod at a time. What is to be written counts as written here
/// until the API server tells of it, so that nothing is written twice.
final class PodStatuses implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PodStatuses.class.getName());
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final PodPatch patch;
  private final InstantSource clock;
  private final Writes writes = new Writes("conditions of pods", 150, 8, 100_000);
  private final Map<String, Wanted> wanted = new ConcurrentHashMap<>();

  /// What a pod is to have.
  ///
  /// @param isStored whether the API server has answered that it has that now
  /// @param stored what it answered last
  private record Wanted(List<PodCondition> conditions, boolean isStored, Stored stored) {}

  PodStatuses(PodPatch patch, InstantSource clock) {
    this.patch = patch;
    this.clock = clock;
  }

  /// A pod is gone, or will be.
  void forget(BondedPod pod) {
    wanted.remove(pod.uid());
    writes.forget(pod.uid());
  }

  /// A pod with the conditions that it has, or is about to have.
  ///
  /// @param pod as it was last seen
  BondedPod asWritten(BondedPod pod) {
    Wanted known = wanted.get(pod.uid());
    if (known == null) {
      return pod;
    }
    if (known.isStored() && pod.version() >= known.stored().version()) {
      wanted.remove(pod.uid(), known);
      return pod;
    }
    return pod.with(known.conditions());
  }

  /// Has conditions written.
  ///
  /// @param failed runs if they could not be written and the pod may still be there
  void write(PodVerdict verdict, Runnable failed) {
    String uid = verdict.pod().uid();
    wanted.compute(
        uid,
        (_, before) ->
            new Wanted(
                verdict.conditions(), false, before == null ? Stored.NOTHING : before.stored()));
    writes.add(uid, () -> make(verdict, failed));
  }

  private void make(PodVerdict verdict, Runnable failed) {
    BondedPod pod = verdict.pod();
    try {
      Stored stored = patch.merge(pod, status(verdict));
      wanted.computeIfPresent(
          pod.uid(),
          (_, now) ->
              new Wanted(now.conditions(), now.conditions().equals(verdict.conditions()), stored));
    } catch (KubernetesClientException e) {
      wanted.remove(pod.uid());
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
