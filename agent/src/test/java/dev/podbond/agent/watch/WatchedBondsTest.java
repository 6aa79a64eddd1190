package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.podbond.agent.serve.ContainerOrder;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.state.BondState;
import dev.podbond.json.JsonObject;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.value.AttachmentKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the watch tells of bonds, and whom it keeps waiting.
final class WatchedBondsTest extends WatchTest {
  private static final BondState BOND =
      new BondState(
          "bond0",
          BondMode.ACTIVE_BACKUP,
          Optional.empty(),
          true,
          List.of(),
          Optional.empty(),
          List.of());

  /// A first look finds a bond; each further one takes as long as the test wants.
  private static final class SlowLooks implements NodeWatch.PodView {
    private final BlockingQueue<Path> begun = new LinkedBlockingQueue<>();
    private final Semaphore allowed = new Semaphore(1);

    @Override
    public Netns open(Path netns) throws LinuxException {
      return Netns.of(netns);
    }

    @Override
    public WatchedPod look(WatchedPod before, Path netns) {
      begun.add(netns);
      try {
        assertThat(allowed.tryAcquire(2, TimeUnit.MINUTES)).as("the look ends").isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return new WatchedPod(before.records(), Map.of("bond0", BOND));
    }

    /// Waits until a look has begun.
    void awaitNext() throws InterruptedException {
      assertThat(begun.poll(2, TimeUnit.MINUTES)).as("a look begins").isNotNull();
    }

    void endAll() {
      allowed.release(1000);
    }
  }

  /// Calls of the containers are under way for as long as this takes, so nobody repairs their
  /// bonds.
  @Test
  void whoeverAsksForTheStatusWaitsForNoLook() throws Exception {
    SlowLooks looks = new SlowLooks();
    try (ContainerOrder.Held _ = order.enter("one");
        Namespace pod = Namespace.make();
        NodeWatch watch = open(Duration.ofHours(1), looks)) {
      leaveBond("one", pod);
      watch.start();
      looks.awaitNext();
      awaitTold(watch, "one");

      pod.change();
      looks.awaitNext();
      assertThat(told(watch)).as("as it was when last looked at").containsExactly("one");
      looks.endAll();
    }
  }

  @Test
  void aLookThatWasOvertakenIsNotToldButRepeated() throws Exception {
    SlowLooks looks = new SlowLooks();
    try (ContainerOrder.Held _ = order.enter("one");
        ContainerOrder.Held _ = order.enter("two");
        Namespace pod = Namespace.make();
        Namespace other = Namespace.make();
        NodeWatch watch = open(Duration.ofHours(1), looks)) {
      leaveBond("one", pod);
      watch.start();
      looks.awaitNext();
      awaitTold(watch, "one");

      pod.change();
      looks.awaitNext();
      watch.removed(new AttachmentKey("one", "net1"));
      assertThat(told(watch)).isEmpty();
      leaveBond("two", other);
      watch.made(new AttachmentKey("two", "net1"));
      looks.endAll();

      // It is looked at in the same thread, later.
      awaitTold(watch, "two");
    }
  }

  /// Of which containers a bond is told to whoever asks for the status.
  private static List<String> told(NodeWatch watch) {
    JsonObject bonds = assertTimeoutPreemptively(Duration.ofMinutes(1), watch::bonds);
    return Stream.of("one", "two")
        .filter(container -> bonds.toString().contains("\"container\":\"" + container + "\""))
        .toList();
  }

  private static void awaitTold(NodeWatch watch, String... containers) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!told(watch).equals(List.of(containers))) {
      assertThat(System.nanoTime())
          .as("%s of %s", told(watch), List.of(containers))
          .isLessThan(end);
      Thread.sleep(10);
    }
  }
}
