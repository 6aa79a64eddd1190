package dev.podbond.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.observed.BondedPod;
import dev.podbond.cluster.observed.PodCondition;
import dev.podbond.json.JsonObject;
import dev.podbond.json.LenientObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A pod at an API server that can make writers wait. Others may be written, too, and are not
/// stored.
final class StoredPod implements PodPatch {
  static final String UID = "uid-web";

  private static final long LIMIT_SECONDS = 60;

  private final Semaphore arrivals = new Semaphore(0);
  private final Semaphore passes = new Semaphore(Integer.MAX_VALUE / 2);
  private final Semaphore writes = new Semaphore(0);
  private final List<JsonObject> merged = new ArrayList<>();
  private final Map<String, Integer> present = new HashMap<>();
  private int most;

  @Override
  public Stored merge(BondedPod pod, JsonObject change) {
    begin(pod.uid());
    try {
      arrivals.release();
      await(passes, 1);
      synchronized (this) {
        if (pod.uid().equals(UID)) {
          merged.add(change);
        }
        return new Stored(version(), conditions(change));
      }
    } finally {
      end(pod.uid());
      writes.release();
    }
  }

  private synchronized void begin(String uid) {
    most = Math.max(most, present.merge(uid, 1, Integer::sum));
  }

  private synchronized void end(String uid) {
    present.merge(uid, -1, Integer::sum);
  }

  private static List<PodCondition> conditions(JsonObject change) {
    return LenientObject.objects(LenientObject.object(change, "status"), "conditions").stream()
        .map(one ->
            new PodCondition(
                text(one, "type"), text(one, "status"), text(one, "reason"), text(one, "message")))
        .toList();
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

  /// Waits for a write to begin.
  void awaitArrival() {
    await(arrivals, 1);
  }

  /// Waits for so many writes to end.
  void awaitWrites(int count) {
    await(writes, count);
  }

  synchronized long version() {
    return 10L + merged.size();
  }

  /// How many writes of one pod were under way at once, at most.
  synchronized int mostAtOnce() {
    return most;
  }

  /// Everything that was merged.
  synchronized List<JsonObject> merged() {
    return List.copyOf(merged);
  }

  /// The statuses of the first condition, in the order in which they were merged.
  List<String> statuses() {
    return merged().stream().map(change -> conditions(change).getFirst().status()).toList();
  }
}
