package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.podbond.agent.serve.ContainerOrder;
import dev.podbond.agent.serve.QueryService;
import dev.podbond.agent.serve.Strangers;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.lldp.Neighbours;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.state.BondState;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.bonding.state.LinkMonitoring;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.metrics.BondReading;
import dev.podbond.metrics.NodeReading;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
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
          LinkMonitoring.MIIMON,
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

    /// Has the first look take as long, too.
    void hold() {
      allowed.drainPermits();
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

  /// Whoever takes a part for all writes, or says, that the others are gone.
  @Test
  void anAgentThatHasNotLookedAtAllPodsSaysSo() throws Exception {
    SlowLooks looks = new SlowLooks();
    try (ContainerOrder.Held _ = order.enter("one");
        ContainerOrder.Held _ = order.enter("two");
        Namespace pod = Namespace.make();
        Namespace other = Namespace.make();
        NodeWatch watch = open(Duration.ofHours(1), looks)) {
      leaveBond("one", pod);
      leaveBond("two", other);
      assertThat(isStarting(watch)).as("before it begins").isTrue();
      watch.start();
      looks.awaitNext();
      looks.awaitNext();
      assertThat(isStarting(watch)).as("one of two pods is looked at").isTrue();
      assertThat(watch.bonds(1_000_000).get("starting")).isPresent();
      assertThat(watch.isReady()).isFalse();

      looks.endAll();
      awaitTold(watch, "one", "two");
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (isStarting(watch)) {
        assertThat(System.nanoTime()).isLessThan(end);
        Thread.sleep(10);
      }
      assertThat(watch.isReady()).isTrue();
    }
  }

  /// A runtime mounts the next pod's namespace where the last one's was. That the last one is gone
  /// is no look at the next.
  @Test
  void aPodAtWhosePathAnotherOneWasBeforeIsWaitedForAsWell() throws Exception {
    SlowLooks looks = new SlowLooks();
    looks.hold();
    try (ContainerOrder.Held _ = order.enter("one");
        ContainerOrder.Held _ = order.enter("two");
        Namespace then = Namespace.make();
        Namespace now = Namespace.make();
        NodeWatch watch = open(Duration.ofHours(1), looks)) {
      Path path = Files.createSymbolicLink(scratch.resolve("netns"), now.path());
      leaveBond("one", path, then.origin());
      leaveBond("two", path, now.origin());
      watch.start();
      looks.awaitNext();
      // By then all that there is at the start has been found.
      Thread.sleep(500);
      assertThat(isStarting(watch)).as("nobody has looked at the pod").isTrue();

      looks.endAll();
      awaitTold(watch, "two");
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (isStarting(watch)) {
        assertThat(System.nanoTime()).isLessThan(end);
        Thread.sleep(10);
      }
    }
  }

  private static boolean isStarting(NodeWatch watch) {
    return watch.bonds().get("starting").equals(Optional.of(JsonBoolean.TRUE));
  }

  /// As its pod's name or its network: no look at the pod would find that.
  @Test
  void aRecordThatHasChangedIsNews() throws Exception {
    SlowLooks looks = new SlowLooks();
    Path socket = scratch.resolve("questions.sock");
    try (ContainerOrder.Held _ = order.enter("one");
        Namespace pod = Namespace.make();
        NodeWatch watch = open(Duration.ofHours(1), looks);
        Strangers _ = QueryService.start(socket, _ -> new Answer(1, "", "").toFrame(), news, log)) {
      leaveBond("one", pod);
      watch.start();
      looks.awaitNext();
      awaitTold(watch, "one");
      try (FrameChannel listener = listen(socket)) {
        leaveBond(
            "one",
            pod.path(),
            new Origin("", "K8S_POD_NAMESPACE=demo;K8S_POD_NAME=web", pod.origin().netns(), ""));
        watch.made(new AttachmentKey("one", "net1"));
        assertTimeoutPreemptively(Duration.ofMinutes(1), listener::receive);
        assertThat(watch.bonds().toString()).contains("demo/web");
      } finally {
        looks.endAll();
      }
    }
  }

  /// A connection that is told of the next news, after all those of what has happened before.
  private static FrameChannel listen(Path socket) throws Exception {
    String last = "";
    while (true) {
      FrameChannel listener =
          new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)), 1000);
      listener.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "news"));
      String revision = Answer.of(listener.receive().frame()).stdout();
      if (revision.equals(last)) {
        return listener;
      }
      listener.close();
      last = revision;
      Thread.sleep(300);
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
      remove(watch, "one");
      assertThat(told(watch)).isEmpty();
      leaveBond("two", other);
      watch.made(new AttachmentKey("two", "net1"));
      looks.endAll();

      // It is looked at in the same thread, later.
      awaitTold(watch, "two");
    }
  }

  /// Each look finds a bond at once; to come to one of the namespaces takes as long as the test
  /// wants.
  private static final class SlowOpening implements NodeWatch.PodView {
    private final Path slow;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch allowed = new CountDownLatch(1);

    SlowOpening(Path slow) {
      this.slow = slow;
    }

    @Override
    public Netns open(Path netns) throws LinuxException {
      if (netns.equals(slow)) {
        begun.countDown();
        await(allowed);
      }
      return Netns.of(netns);
    }

    @Override
    public WatchedPod look(WatchedPod before, Path netns) {
      return new WatchedPod(before.records(), Map.of("bond0", BOND));
    }

    void awaitBegun() {
      await(begun);
    }

    void goOn() {
      allowed.countDown();
    }

    private static void await(CountDownLatch latch) {
      try {
        assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// The watch is told within the container's turn, before the runtime has its answer.
  @Test
  void aRemovalWaitsForNoNamespaceThatIsBeingOpened() throws Exception {
    try (ContainerOrder.Held _ = order.enter("one");
        ContainerOrder.Held _ = order.enter("two");
        Namespace pod = Namespace.make();
        Namespace other = Namespace.make()) {
      SlowOpening pods = new SlowOpening(other.path());
      leaveBond("one", pod);
      try (NodeWatch watch = open(Duration.ofHours(1), pods)) {
        watch.start();
        awaitTold(watch, "one");
        pod.awaitListened(true);
        leaveBond("two", other);
        watch.made(new AttachmentKey("two", "net1"));
        pods.awaitBegun();

        remove(watch, "one");
        assertThat(told(watch)).isEmpty();
        pod.awaitListened(false);

        pods.goOn();
        awaitTold(watch, "two");
        other.awaitListened(true);
      }
    }
  }

  /// Whoever held its namespace would keep it, and the VFs in it, from coming back.
  @Test
  void aPodThatIsRemovedWhileItIsBeingOpenedIsLetGoOf() throws Exception {
    try (ContainerOrder.Held _ = order.enter("one");
        ContainerOrder.Held _ = order.enter("two");
        Namespace pod = Namespace.make();
        Namespace other = Namespace.make()) {
      SlowOpening pods = new SlowOpening(other.path());
      try (NodeWatch watch = open(Duration.ofHours(1), pods)) {
        watch.start();
        leaveBond("two", other);
        watch.made(new AttachmentKey("two", "net1"));
        pods.awaitBegun();
        remove(watch, "two");
        leaveBond("one", pod);
        watch.made(new AttachmentKey("one", "net1"));
        pods.goOn();

        // It is opened in the same thread, later.
        awaitTold(watch, "one");
        other.awaitListened(false);
      }
    }
  }

  /// As when an agent cannot start: the reason for that is told, and not that of its end.
  @Test
  void aWatchThatNeverBeganEnds() throws Exception {
    NodeWatch watch = open(Duration.ofHours(1), new SlowLooks());
    assertTimeoutPreemptively(Duration.ofMinutes(1), watch::close);
  }

  @Test
  void everyPfIsAskedOnceForItsCarrierWhenMetricsAreWanted() throws Exception {
    Path carrier = pf("0000:02:00.0", "ens2f0");
    pf("0000:01:00.0", "ens1f0");
    List<BondReading> bonds =
        List.of(onPfs("0000:02:00.0", "0000:01:00.0"), onPfs("0000:02:00.0", "0000:07:00.0"));
    try (NodeWatch watch = open(Duration.ofHours(1), new SlowLooks())) {
      watch.start();
      Files.writeString(carrier, "1\n");
      assertThat(watch.readings().pfs(bonds, Neighbours.NONE))
          .containsExactly(
              pf("0000:01:00.0", Optional.of(false)),
              pf("0000:02:00.0", Optional.of(true)),
              pf("0000:07:00.0", Optional.empty()));
      Files.writeString(carrier, "0\n");
      assertThat(watch.readings().pfs(bonds, Neighbours.NONE))
          .extracting(NodeReading.PfReading::carrier)
          .containsExactly(Optional.of(false), Optional.of(false), Optional.empty());
    }
  }

  /// Their interfaces are in no namespace, so that nothing is known of their uplinks.
  private static NodeReading.PfReading pf(String pci, Optional<Boolean> carrier) {
    return new NodeReading.PfReading(
        "pf of " + pci, pci, carrier, new Reading.Unknown("it has no interface on the host"));
  }

  /// A PF in the sysfs of this test.
  ///
  /// @return the file that says whether it has a carrier
  private Path pf(String pci, String name) throws IOException {
    Path directory = scratch.resolve("sys/bus/pci/devices").resolve(pci).resolve("net/" + name);
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("ifindex"), "2000000000\n");
    return directory.resolve("carrier");
  }

  private static BondReading onPfs(String... pcis) {
    List<ConfiguredMember> members =
        Stream.of(pcis)
            .map(pci ->
                new ConfiguredMember(
                    "member on " + pci,
                    Optional.empty(),
                    Optional.of(new Pf("pf of " + pci, PciAddress.parse(pci))),
                    Optional.empty()))
            .toList();
    return new BondReading("demo", "web", "storage", BOND, members, 0, 0, Map.of());
  }

  private void remove(NodeWatch watch, String container) throws IOException {
    Files.delete(state.resolve(container + ":net1.json"));
    assertTimeoutPreemptively(
        Duration.ofMinutes(1), () -> watch.removed(new AttachmentKey(container, "net1")));
  }

  /// Of which containers a bond is told to whoever asks for the status.
  private static List<String> told(NodeWatch watch) {
    JsonObject bonds = assertTimeoutPreemptively(Duration.ofMinutes(1), () -> watch.bonds());
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
