package dev.podbond.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.observed.BondUse;
import dev.podbond.cluster.observed.BondedPod;
import dev.podbond.cluster.observed.PodCondition;
import dev.podbond.cluster.observed.PodVerdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PodStatusesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final String BEFORE = "2026-01-01T11:00:00Z";

  private final StoredPod stored = new StoredPod(BEFORE, up("True"), redundant("True"));

  /// As the informer has it, which may be late; empty if the pod is gone.
  private volatile Optional<BondedPod> seen = Optional.of(pod("True", "True"));

  private final PodStatuses statuses =
      new PodStatuses(this::view, stored, InstantSource.fixed(NOW));

  @AfterEach
  void end() {
    statuses.close();
  }

  private Optional<BondedPod> view(BondedPod pod) {
    return pod.uid().equals(StoredPod.UID) ? seen : Optional.of(pod);
  }

  private static PodCondition up(String status) {
    return new PodCondition(PodCondition.UP, status, "because", "of something");
  }

  private static PodCondition redundant(String status) {
    return new PodCondition(PodCondition.REDUNDANT, status, "because", "of something");
  }

  private static BondedPod pod(long version, PodCondition... conditions) {
    return new BondedPod(
        "demo",
        "web",
        StoredPod.UID,
        "n1",
        List.of(new BondUse("demo/storage", "storage")),
        version,
        List.of(conditions));
  }

  private static BondedPod pod(String up, String redundant) {
    return pod(StoredPod.FIRST_VERSION, up(up), redundant(redundant));
  }

  private void write(String up, String redundant) {
    // Judged by what is about to be written, as the observer does.
    statuses.write(
        new PodVerdict(
            statuses.asWritten(seen.orElseThrow()), List.of(up(up), redundant(redundant))));
  }

  /// A write of another pod, before which all that was added earlier had its turn.
  private void awaitAnother() {
    statuses.write(
        new PodVerdict(
            new BondedPod("demo", "other", "uid-other", "n1", List.of(), 1, List.of()),
            List.of(up("True"))));
    stored.awaitArrival();
  }

  private List<PodCondition> counted(BondedPod pod) {
    return statuses.asWritten(pod).conditions();
  }

  /// A write has its answer a moment after the API server has it. Then what is seen counts.
  private void awaitCounts(BondedPod pod) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(1));
    while (!counted(pod).equals(pod.conditions())) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(5);
    }
  }

  /// A stale False that lands last would stay: a gated pod without its services.
  @Test
  void twoWritesOfOnePodDoNotOvertakeEachOther() {
    stored.hold();
    write("False", "True");
    stored.awaitArrival();
    write("Unknown", "True");
    write("True", "True");
    awaitAnother();
    stored.letPass();
    stored.awaitWrites(3);

    assertThat(stored.statuses()).containsExactly("False", "True");
    assertThat(stored.mostAtOnce()).isEqualTo(1);
  }

  @Test
  void whatIsWantedCountsUntilItIsStoredAndSeen() throws Exception {
    stored.hold();
    write("False", "True");
    stored.awaitArrival();
    assertThat(counted(pod("True", "True"))).contains(up("False"));

    // Back again while the first write is under way: what is seen is as wanted, and yet not so.
    write("True", "True");
    assertThat(counted(pod("True", "True"))).contains(up("True"));
    awaitAnother();
    stored.letPass();
    stored.awaitWrites(3);

    assertThat(counted(pod(stored.version() - 1, up("False")))).contains(up("True"));
    // What is newer than the own write is another's, and is to be mended.
    awaitCounts(pod(stored.version() + 1, up("Unknown")));
  }

  /// Whatever the refusal, which may last: a conflict, no right, an invalid object, a webhook that
  /// is down.
  @ParameterizedTest
  @ValueSource(ints = {409, 403, 422, 500})
  void whatIsRefusedIsWrittenLaterAsItIsThen(int code) throws Exception {
    stored.refuse(2, code);
    stored.hold();
    write("False", "True");
    stored.awaitArrival();
    write("Unknown", "False");
    stored.letPass();
    stored.awaitWrites(3);

    assertThat(stored.statuses()).containsExactly("Unknown");
    awaitCounts(pod(stored.version(), up("Other")));
  }

  @Test
  void aPodThatIsGoneIsNotTriedAgain() throws Exception {
    stored.refuse(Integer.MAX_VALUE, 409);
    stored.hold();
    write("False", "True");
    stored.awaitArrival();
    seen = Optional.empty();
    stored.letPass();

    awaitCounts(pod("True", "True"));
    assertThat(stored.tries()).isEqualTo(1);
  }

  /// A merge removes no condition.
  @Test
  void aConditionThatIsStoredBesidesThoseThatAreWantedIsNoRefusal() throws Exception {
    statuses.write(new PodVerdict(seen.orElseThrow(), List.of(up("False"))));
    awaitCounts(pod(stored.version() + 1, up("False"), redundant("True")));

    seen = Optional.of(pod(stored.version(), up("False"), redundant("True")));
    statuses.write(new PodVerdict(seen.orElseThrow(), List.of(up("False"))));
    awaitCounts(pod(stored.version(), up("False"), redundant("True")));
    assertThat(stored.tries()).isEqualTo(1);
  }

  /// As those of a webhook that is away do.
  @Test
  void writesOfANamespaceThatHangHoldUpNoOthers() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch written = new CountDownLatch(1);
    PodPatch patch =
        (pod, _) -> {
          if (pod.namespace().equals("broken")) {
            awaitOf(end);
          }
          written.countDown();
          return new PodPatch.Stored(2, List.of(up("False")));
        };
    try (PodStatuses hanging = new PodStatuses(Optional::of, patch, InstantSource.fixed(NOW))) {
      for (int i = 0; i < 20; i++) {
        hanging.write(new PodVerdict(podOf("broken", "web-" + i), List.of(up("False"))));
      }
      hanging.write(new PodVerdict(podOf("demo", "web"), List.of(up("False"))));

      awaitOf(written);
      end.countDown();
    }
  }

  private static BondedPod podOf(String namespace, String name) {
    return new BondedPod(namespace, name, "uid-" + name, "n1", List.of(), 1, List.of());
  }

  private static void awaitOf(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// What a pod did not have on the API server it has not lost.
  @Test
  void whatCameBackBeforeItWasWrittenKeepsItsTime() {
    stored.refuse(1, 500);
    stored.hold();
    write("False", "True");
    stored.awaitArrival();
    write("True", "False");
    stored.letPass();
    stored.awaitWrites(2);

    assertThat(stored.since(PodCondition.UP)).isEqualTo(BEFORE);
    assertThat(stored.since(PodCondition.REDUNDANT)).isEqualTo(NOW.toString());
  }

  @Test
  void whatCameBackBeforeTheInformerKnewHasANewTime() {
    write("False", "True");
    stored.awaitWrites(1);
    write("True", "False");
    stored.awaitWrites(1);

    assertThat(stored.statuses()).containsExactly("False", "True");
    assertThat(stored.since(PodCondition.UP)).isEqualTo(NOW.toString());
  }

  @Test
  void whatIsStoredAlreadyIsNotWritten() throws Exception {
    stored.refuse(1, 500);
    stored.hold();
    write("False", "True");
    stored.awaitArrival();
    write("True", "True");
    stored.letPass();

    awaitCounts(pod("Other", "True"));
    assertThat(stored.tries()).isEqualTo(1);
  }

  /// Otherwise the two would write against each other as fast as they can.
  @Test
  void whoChangesWhatWasWrittenDoesNotMakeItBeWrittenWithoutEnd() {
    stored.changeWhatIsWritten();
    write("False", "True");
    stored.awaitWrites(1);
    awaitAnother();

    assertThat(counted(pod(stored.version(), up("Changed")))).contains(up("False"));
  }
}
