package dev.podbond.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.observed.BondedPod;
import dev.podbond.cluster.observed.PodCondition;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A pod at an API server that can make writers wait and refuse them. Others may be written, too,
/// and are not stored.
final class StoredPod implements PodPatch {
  static final String UID = "uid-web";
  static final long FIRST_VERSION = 10;

  private static final long LIMIT_SECONDS = 60;

  private final Semaphore arrivals = new Semaphore(0);
  private final Semaphore passes = new Semaphore(Integer.MAX_VALUE / 2);
  private final Semaphore writes = new Semaphore(0);
  private final Map<String, PodCondition> conditions = new LinkedHashMap<>();
  private final Map<String, String> since = new HashMap<>();
  private final List<JsonObject> merged = new ArrayList<>();
  private final Map<String, Integer> present = new HashMap<>();
  private int most;
  private int tries;
  private int refusals;
  private int code;
  private boolean isChanging;

  /// @param time since which it has the conditions
  StoredPod(String time, PodCondition... first) {
    for (PodCondition condition : first) {
      conditions.put(condition.type(), condition);
      since.put(condition.type(), time);
    }
  }

  @Override
  public Stored merge(BondedPod pod, JsonObject change) {
    begin(pod.uid());
    try {
      arrivals.release();
      await(passes, 1);
      return pod.uid().equals(UID) ? merge(change) : new Stored(1, conditions(change));
    } finally {
      end(pod.uid());
    }
  }

  private synchronized Stored merge(JsonObject change) {
    tries++;
    if (refusals > 0) {
      refusals--;
      throw new KubernetesClientException("refused", code, new StatusBuilder().build());
    }
    merged.add(change);
    for (JsonObject one :
        LenientObject.objects(LenientObject.object(change, "status"), "conditions")) {
      PodCondition condition = condition(one);
      conditions.put(
          condition.type(),
          isChanging
              ? new PodCondition(condition.type(), "Changed", "because", "of something")
              : condition);
      LenientObject.text(one, "lastTransitionTime")
          .ifPresent(time -> since.put(condition.type(), time));
    }
    return new Stored(version(), List.copyOf(conditions.values()));
  }

  private synchronized void begin(String uid) {
    most = Math.max(most, present.merge(uid, 1, Integer::sum));
  }

  private synchronized void end(String uid) {
    present.merge(uid, -1, Integer::sum);
    writes.release();
  }

  private static List<PodCondition> conditions(JsonObject change) {
    return LenientObject.objects(LenientObject.object(change, "status"), "conditions").stream()
        .map(StoredPod::condition)
        .toList();
  }

  private static PodCondition condition(JsonObject json) {
    return new PodCondition(
        text(json, "type"), text(json, "status"), text(json, "reason"), text(json, "message"));
  }

  private static String text(JsonObject object, String key) {
    return LenientObject.text(object, key).orElse("");
  }

  private static void await(Semaphore semaphore, int count) {
    try {
      assertThat(semaphore.tryAcquire(count, LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Makes writers wait.
  void hold() {
    passes.drainPermits();
  }

  void letPass() {
    passes.release(1 << 20);
  }

  /// Refuses the next so many.
  synchronized void refuse(int count, int status) {
    refusals = count;
    code = status;
  }

  /// Stores something else from now on.
  synchronized void changeWhatIsWritten() {
    isChanging = true;
  }

  /// Waits for a write to begin.
  void awaitArrival() {
    await(arrivals, 1);
  }

  /// Waits for so many writes to end, refused or not.
  void awaitWrites(int count) {
    await(writes, count);
  }

  synchronized long version() {
    return FIRST_VERSION + merged.size();
  }

  /// How many writes of one pod were under way at once, at most.
  synchronized int mostAtOnce() {
    return most;
  }

  synchronized int tries() {
    return tries;
  }

  /// Everything that was merged.
  synchronized List<JsonObject> merged() {
    return List.copyOf(merged);
  }

  /// The time of a condition's last transition.
  synchronized String since(String type) {
    return since.getOrDefault(type, "");
  }

  /// The statuses of the first condition, in the order in which they were merged.
  List<String> statuses() {
    return merged().stream().map(change -> conditions(change).getFirst().status()).toList();
  }
}
