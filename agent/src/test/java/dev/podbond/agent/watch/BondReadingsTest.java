package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.net.NetnsId;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.state.BondState;
import dev.podbond.bonding.state.LinkMonitoring;
import dev.podbond.metrics.BondReading;
import dev.podbond.value.AttachmentKey;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/// What metrics show is read anew when it has changed, and only then.
final class BondReadingsTest {
  private static final Path NETNS = Path.of("/run/netns/pod");
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000);

  private final Map<Path, WatchedPod> pods = new ConcurrentHashMap<>();
  private final BondReadings readings =
      new BondReadings(pods, _ -> Optional.empty(), _ -> Map.of());

  private static WatchedPod pod(boolean carrier) {
    WatchedRecord record =
        new WatchedRecord(
            new AttachmentKey("c1", "net1"),
            "storage",
            NETNS.toString(),
            NetnsId.UNKNOWN,
            Phase.COMPLETE,
            "demo/web",
            Optional.empty(),
            Optional.of("bond0"),
            List.of(),
            "bond0",
            List.of(),
            Set.of());
    BondState state =
        new BondState(
            "bond0",
            BondMode.ACTIVE_BACKUP,
            LinkMonitoring.MIIMON,
            Optional.empty(),
            carrier,
            List.of(),
            Optional.empty(),
            List.of());
    return new WatchedPod(List.of(record), Map.of("bond0", state))
        .remembering(WatchedPod.of(List.of(record)), START, _ -> Optional.empty());
  }

  @Test
  void itIsOneAndTheSameListUntilABondChanges() {
    pods.put(NETNS, pod(true));
    List<BondReading> before = readings.bonds();
    // A further look, which found nothing new.
    pods.put(NETNS, pod(true));
    assertThat(readings.bonds()).hasSize(1).isSameAs(before);

    pods.put(NETNS, pod(false));
    assertThat(readings.bonds())
        .singleElement()
        .satisfies(bond -> assertThat(bond.state().carrier()).isFalse());

    pods.remove(NETNS);
    assertThat(readings.bonds()).isEmpty();
    pods.put(NETNS, pod(true));
    assertThat(readings.bonds()).isEqualTo(before);
  }
}
