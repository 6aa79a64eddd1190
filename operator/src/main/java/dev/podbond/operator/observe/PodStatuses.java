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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// The conditions of pods, written one pod at a time until the API server has them. What is to be
/// written counts as written here until the API server tells of it, so that nothing is written
/// twice.
final class PodStatuses implements AutoCloseable {
  private static final int NOT_FOUND = 404;

  private final Function<BondedPod, Optional<BondedPod>> view;
  private final PodPatch patch;
  private final InstantSource calendar;
  private final Writes writes = Writes.lasting("conditions of pods", 150, 8);
  private final Map<String, Wanted> wanted = new ConcurrentHashMap<>();

  /// What a pod is to have.
  ///
  /// @param isStored whether the API server has answered that it has that now
  /// @param stored what it answered last
  private record Wanted(List<PodCondition> conditions, boolean isStored, Stored stored) {}

  /// @param view a pod as it is now known; empty if it is gone, or will be
  /// @param calendar the time to write
  PodStatuses(
      Function<BondedPod, Optional<BondedPod>> view, PodPatch patch, InstantSource calendar) {
    this.view = view;
    this.patch = patch;
    this.calendar = calendar;
  }

  /// A pod is gone, or will be.
  void forget(BondedPod pod) {
    wanted.remove(pod.uid());
    writes.forget(key(pod));
  }

  private static String key(BondedPod pod) {
    return pod.path() + " with the UID " + pod.uid();
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
  void write(PodVerdict verdict) {
    BondedPod pod = verdict.pod();
    wanted.compute(
        pod.uid(),
        (_, before) ->
            new Wanted(
                verdict.conditions(), false, before == null ? Stored.NOTHING : before.stored()));
    writes.add(pod.namespace(), key(pod), () -> make(pod, verdict.conditions()));
  }

  /// A refusal whose reason is that another pod has the name ends here as soon as the view knows.
  private void make(BondedPod judged, List<PodCondition> conditions) {
    Optional<BondedPod> pod = view.apply(judged);
    if (pod.isEmpty()) {
      wanted.remove(judged.uid());
      return;
    }
    Stored before = newest(pod.get());
    Stored after = before;
    if (!has(before, conditions)) {
      try {
        after = patch.merge(pod.get(), status(judged.uid(), before, conditions));
      } catch (KubernetesClientException e) {
        if (e.getCode() != NOT_FOUND) {
          throw e;
        }
        wanted.remove(judged.uid());
        return;
      }
      if (!has(after, conditions)) {
        throw new IllegalStateException(
            "the API server has stored other conditions than those that were written; look for a"
                + " webhook that changes statuses of pods");
      }
    }
    Stored stored = after;
    wanted.computeIfPresent(
        judged.uid(),
        (_, now) -> new Wanted(now.conditions(), now.conditions().equals(conditions), stored));
  }

  /// What the API server has: as it answered, or as the view has it, if that is newer.
  private Stored newest(BondedPod pod) {
    Wanted known = wanted.get(pod.uid());
    return known == null || known.stored().version() <= pod.version()
        ? Stored.of(pod)
        : known.stored();
  }

  /// It may have more: a merge removes none.
  private static boolean has(Stored stored, List<PodCondition> conditions) {
    return Set.copyOf(stored.conditions()).containsAll(conditions);
  }

  /// With the UID the API server refuses it for another pod of that name.
  private JsonObject status(String uid, Stored before, List<PodCondition> conditions) {
    String now = calendar.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return JsonObject.of(
        "metadata",
        JsonObject.builder().put("uid", uid).build(),
        "status",
        JsonObject.of(
            "conditions",
            new JsonArray(
                conditions.stream()
                    .<JsonValue>map(condition -> condition(before, condition, now))
                    .toList())));
  }

  private static JsonObject condition(Stored before, PodCondition condition, String now) {
    JsonObject.Builder json =
        JsonObject.builder()
            .put("type", condition.type())
            .put("status", condition.status())
            .put("reason", condition.reason())
            .put("message", condition.message());
    boolean isTransition =
        before.conditions().stream()
            .noneMatch(then ->
                then.type().equals(condition.type()) && then.status().equals(condition.status()));
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
