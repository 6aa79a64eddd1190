package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.podbond.agent.pending.PendingDeletions;
import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.ContainerOrder;
import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.bonding.config.BondNames;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.state.BondState;
import dev.podbond.json.Json;
import dev.podbond.json.JsonObject;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.state.AttachmentStore;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.value.AttachmentKey;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeWatchTest {
  @TempDir Path scratch;
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(logged, true, StandardCharsets.UTF_8);
  private final AgentLog log = new AgentLog(stream);
  private final ContainerOrder order = new ContainerOrder();

  /// It could not be watched, for example because the kernel had no free descriptor when the pod
  /// appeared.
  @Test
  void eachSweepRetriesAPodThatCouldNotBeWatched() throws Exception {
    Path state = Files.createDirectory(scratch.resolve("state"));
    Path netns = Files.createFile(scratch.resolve("netns"));
    leaveRecord(state, netns);
    CountDownLatch tries = new CountDownLatch(3);
    NodeWatch.PodView failing =
        path -> {
          if (path.equals(netns)) {
            tries.countDown();
          }
          return Netns.of(scratch.resolve("none"));
        };

    // The test holds the container's turn, as a call under way would, so nobody repairs the
    // attachment.
    try (ContainerOrder.Held _ = order.enter("container");
        NodeWatch watch =
            NodeWatch.open(
                repairs(state), state.resolve("pending"), log, Duration.ofMillis(100), failing)) {
      watch.start();

      assertThat(tries.await(2, TimeUnit.MINUTES))
          .as(() -> logged.toString(StandardCharsets.UTF_8))
          .isTrue();
    }
    assertThat(logged.toString(StandardCharsets.UTF_8))
        .contains("the pod of " + netns + " cannot be watched");
  }

  private Repairs repairs(Path state) {
    NodeEnvironment node =
        new NodeEnvironment(
            state,
            scratch.resolve("sys"),
            scratch.resolve("node.json"),
            scratch.resolve("sriov-cni"),
            (_, _, _) -> "",
            stream);
    return new Repairs(
        node,
        order,
        new PendingDeletions(state, node.files()),
        _ -> {
          throw new AssertionError("no deletion waits");
        },
        (_, _) -> 0,
        log);
  }

  /// A network namespace that lives until it is closed.
  private record Namespace(Process process) implements AutoCloseable {
    static Namespace make() throws Exception {
      Process process =
          new ProcessBuilder("unshare", "-n", "sh", "-c", "echo made; exec sleep 600").start();
      assertThat(process.inputReader().readLine()).as("this test is root's").isEqualTo("made");
      return new Namespace(process);
    }

    Path path() {
      return Path.of("/proc/" + process.pid() + "/ns/net");
    }

    /// Makes a change that the kernel announces.
    void change() throws Exception {
      Process ip =
          new ProcessBuilder("nsenter", "--net=" + path(), "ip", "link", "set", "lo", "up")
              .inheritIO()
              .start();
      assertThat(ip.waitFor()).isZero();
    }

    Origin origin() throws Exception {
      try (Netns netns = Netns.of(path())) {
        return new Origin("", "", NetnsIds.of(netns), "");
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private void isRemoved(Path state, String container) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!logged
        .toString(StandardCharsets.UTF_8)
        .contains("removed " + container + "/net1: its network namespace")) {
      assertThat(System.nanoTime())
          .as(() -> logged.toString(StandardCharsets.UTF_8))
          .isLessThan(end);
      Thread.sleep(10);
    }
    assertThat(state.resolve(container + ":net1.json")).doesNotExist();
  }

  /// A runtime mounts the next pod's namespace at the path of the last pod's.
  @Test
  void anAttachmentIsRemovedWhenAnotherPodTakesItsPathAndTheOtherStays() throws Exception {
    Path state = Files.createDirectory(scratch.resolve("state"));
    Opened opened = new Opened();
    try (Namespace then = Namespace.make();
        Namespace now = Namespace.make();
        NodeWatch watch =
            NodeWatch.open(
                repairs(state), state.resolve("pending"), log, Duration.ofHours(1), opened)) {
      start(watch, state, now, opened);
      Path path = Files.createSymbolicLink(scratch.resolve("netns"), now.path());
      leaveRecord(state, "last", path, then.origin());
      leaveRecord(state, "next", path, now.origin());
      watch.made(new AttachmentKey("next", "net1"));
      watch.made(new AttachmentKey("last", "net1"));

      isRemoved(state, "last");
      assertThat(state.resolve("next:net1.json")).exists();
    }
    assertThat(logged.toString(StandardCharsets.UTF_8)).doesNotContain("next/net1");
  }

  /// No event tells of this change.
  @Test
  void theNextSweepRemovesAnAttachmentWhosePathLeadsElsewhere() throws Exception {
    Path state = Files.createDirectory(scratch.resolve("state"));
    Opened opened = new Opened();
    try (Namespace then = Namespace.make();
        Namespace now = Namespace.make();
        NodeWatch watch =
            NodeWatch.open(
                repairs(state), state.resolve("pending"), log, Duration.ofMillis(100), opened)) {
      start(watch, state, now, opened);
      Path path = Files.createSymbolicLink(scratch.resolve("netns"), then.path());
      leaveRecord(state, "last", path, then.origin());
      watch.made(new AttachmentKey("last", "net1"));
      opened.await(path);
      Files.createSymbolicLink(scratch.resolve("later"), now.path());
      Files.move(
          scratch.resolve("later"),
          path,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);

      isRemoved(state, "last");
    }
  }

  /// Starts a watch, and waits until it has found the existing attachments.
  private static void start(NodeWatch watch, Path state, Namespace pod, Opened opened)
      throws Exception {
    leaveRecord(state, "first", pod.path(), pod.origin());
    watch.start();
    opened.await(pod.path());
  }

  /// Records which namespaces were opened.
  private static final class Opened implements NodeWatch.PodView {
    private final Set<Path> paths = ConcurrentHashMap.newKeySet();

    @Override
    public Netns open(Path netns) throws LinuxException {
      Netns opened = Netns.of(netns);
      paths.add(netns);
      return opened;
    }

    void await(Path netns) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
      while (!paths.contains(netns)) {
        assertThat(System.nanoTime()).as("%s is opened", netns).isLessThan(end);
        Thread.sleep(10);
      }
    }
  }

  /// The first look finds a bond; each further look lasts as long as the test wants.
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

  private static final BondState BOND =
      new BondState(
          "bond0",
          BondMode.ACTIVE_BACKUP,
          Optional.empty(),
          true,
          List.of(),
          Optional.empty(),
          List.of());

  /// The containers whose bonds a query for the status gets.
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

  /// The test holds the containers' turns, as calls under way would, so nobody repairs their bonds.
  @Test
  void whoeverAsksForTheStatusWaitsForNoLook() throws Exception {
    Path state = Files.createDirectory(scratch.resolve("state"));
    SlowLooks looks = new SlowLooks();
    try (ContainerOrder.Held _ = order.enter("one");
        Namespace pod = Namespace.make();
        NodeWatch watch =
            NodeWatch.open(
                repairs(state), state.resolve("pending"), log, Duration.ofHours(1), looks)) {
      leaveBond(state, "one", pod);
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
    Path state = Files.createDirectory(scratch.resolve("state"));
    SlowLooks looks = new SlowLooks();
    try (ContainerOrder.Held _ = order.enter("one");
        ContainerOrder.Held _ = order.enter("two");
        Namespace pod = Namespace.make();
        Namespace other = Namespace.make();
        NodeWatch watch =
            NodeWatch.open(
                repairs(state), state.resolve("pending"), log, Duration.ofHours(1), looks)) {
      leaveBond(state, "one", pod);
      watch.start();
      looks.awaitNext();
      awaitTold(watch, "one");

      pod.change();
      looks.awaitNext();
      watch.removed(new AttachmentKey("one", "net1"));
      assertThat(told(watch)).isEmpty();
      leaveBond(state, "two", other);
      watch.made(new AttachmentKey("two", "net1"));
      looks.endAll();

      // The same thread looks at this pod later.
      awaitTold(watch, "two");
    }
  }

  private static void leaveBond(Path state, String container, Namespace pod) throws Exception {
    leaveRecord(
        state,
        container,
        pod.path(),
        pod.origin(),
        Optional.of(new BondNames("bond0", Optional.empty())));
  }

  private static void leaveRecord(Path state, Path netns) throws Exception {
    leaveRecord(state, "container", netns, Origin.UNKNOWN);
  }

  private static void leaveRecord(Path state, String container, Path netns, Origin origin)
      throws Exception {
    leaveRecord(state, container, netns, origin, Optional.empty());
  }

  private static void leaveRecord(
      Path state, String container, Path netns, Origin origin, Optional<BondNames> bond)
      throws Exception {
    new AttachmentStore(state)
        .save(
            Attachment.prepared(
                    new AttachmentKey(container, "net1"),
                    "net",
                    "sriov",
                    netns.toString(),
                    Json.parseObject(
                        "{\"cniVersion\": \"1.0.0\", \"name\": \"net\", \"type\": \"sriov\"}"))
                .withInterfaces(bond, Optional.empty())
                .from(origin)
                .complete(List.of(), List.of()));
  }
}
