package dev.podbond.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cluster.observed.BondUse;
import dev.podbond.cluster.observed.BondedPod;
import dev.podbond.cluster.observed.PodCondition;
import dev.podbond.cluster.observed.PodVerdict;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PodStatusesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private final StoredPod stored = new StoredPod();
  private final PodStatuses statuses = new PodStatuses(stored, InstantSource.fixed(NOW));

  private static PodCondition up(String status) {
    return new PodCondition(PodCondition.UP, status, "because", "of something");
  }

  /// As an informer has it.
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

  private void write(BondedPod pod, String status) {
    statuses.write(new PodVerdict(pod, List.of(up(status))), () -> {});
  }

  /// A write of another pod, before which all that was added earlier had its turn.
  private void awaitAnother() {
    write(new BondedPod("demo", "other", "uid-other", "n1", List.of(), 1, List.of()), "True");
    stored.awaitArrival();
  }

  /// A stale False that lands last would stay: a gated pod without its services.
  @Test
  void twoWritesOfOnePodDoNotOvertakeEachOther() {
    stored.hold();
    write(pod(1, up("True")), "False");
    stored.awaitArrival();
    write(pod(1, up("False")), "Unknown");
    write(pod(1, up("False")), "True");
    awaitAnother();
    stored.letPass();
    stored.awaitWrites(3);

    assertThat(stored.statuses()).containsExactly("False", "True");
    assertThat(stored.mostAtOnce()).isEqualTo(1);
  }

  @Test
  void whatIsWantedCountsUntilItIsStoredAndSeen() {
    stored.hold();
    write(pod(1, up("True")), "False");
    stored.awaitArrival();
    assertThat(statuses.asWritten(pod(1, up("True"))).conditions()).containsExactly(up("False"));

    // Back again while the first write is under way: what is seen is as wanted, and yet not so.
    write(pod(1, up("False")), "True");
    assertThat(statuses.asWritten(pod(1, up("True"))).conditions()).containsExactly(up("True"));
    awaitAnother();
    stored.letPass();
    stored.awaitWrites(3);

    long version = stored.version();
    assertThat(statuses.asWritten(pod(version - 1, up("False"))).conditions())
        .containsExactly(up("True"));
    // What is newer than the own write is another's, and is to be mended.
    assertThat(statuses.asWritten(pod(version + 1, up("Unknown"))).conditions())
        .containsExactly(up("Unknown"));
  }
}
