package dev.podbond.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.serve.ContainerOrder;
import dev.podbond.bonding.attachment.Origin;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.value.AttachmentKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Pods that end, and namespaces that are others than before.
final class NodeWatchTest extends WatchTest {
  /// As where the kernel had no descriptor to give at the moment when the pod came.
  @Test
  void aPodThatCouldNotBeWatchedWhenItCameIsTriedAgainByEachSweep() throws Exception {
    Path netns = Files.createFile(scratch.resolve("netns"));
    leaveRecord("container", netns, Origin.UNKNOWN);
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
        NodeWatch watch = open(Duration.ofMillis(100), failing)) {
      watch.start();

      assertThat(tries.await(2, TimeUnit.MINUTES)).as(node::log).isTrue();
    }
    assertThat(node.log()).contains("the pod of " + netns + " cannot be watched");
  }

  /// A runtime mounts the next pod's namespace where the last one's was.
  @Test
  void anAttachmentAtWhosePathAnotherNamespaceIsByNowIsRemovedAndTheOneOfThatNamespaceStays()
      throws Exception {
    Opened opened = new Opened();
    try (Namespace then = Namespace.make();
        Namespace now = Namespace.make();
        NodeWatch watch = open(Duration.ofHours(1), opened)) {
      start(watch, now, opened);
      Path path = Files.createSymbolicLink(scratch.resolve("netns"), now.path());
      leaveRecord("last", path, then.origin());
      leaveRecord("next", path, now.origin());
      watch.made(new AttachmentKey("next", "net1"));
      watch.made(new AttachmentKey("last", "net1"));

      isRemoved("last");
      assertThat(state.resolve("next:net1.json")).exists();
    }
    assertThat(node.log()).doesNotContain("next/net1");
  }

  /// No event tells of it.
  @Test
  void anAttachmentWhosePathCameToLeadToAnotherNamespaceIsRemovedByTheNextSweep() throws Exception {
    Opened opened = new Opened();
    try (Namespace then = Namespace.make();
        Namespace now = Namespace.make();
        NodeWatch watch = open(Duration.ofMillis(100), opened)) {
      start(watch, now, opened);
      Path path = Files.createSymbolicLink(scratch.resolve("netns"), then.path());
      leaveRecord("last", path, then.origin());
      watch.made(new AttachmentKey("last", "net1"));
      opened.await(path);
      Files.createSymbolicLink(scratch.resolve("later"), now.path());
      Files.move(
          scratch.resolve("later"),
          path,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);

      isRemoved("last");
    }
  }

  /// Whoever holds the namespace keeps its VFs from the host. The test holds the container's turn,
  /// so no removal is what lets go.
  @Test
  void theNamespaceOfAPodThatEndsIsListenedToNoMore() throws Exception {
    try (ContainerOrder.Held _ = order.enter("container");
        Namespace pod = Namespace.make();
        NodeWatch watch = open(Duration.ofHours(1), Netns::of)) {
      Path path = Files.createSymbolicLink(scratch.resolve("netns"), pod.path());
      leaveBond("container", path, pod.origin());
      watch.start();
      pod.awaitListened(true);

      Files.delete(path);

      pod.awaitListened(false);
      assertThat(state.resolve("container:net1.json")).exists();
    }
  }

  /// The test holds the container's turn, so nothing but the removal that it tells of is under way.
  @Test
  void whatIsBeingRemovedIsNotListenedToAndIsAgainIfItStays() throws Exception {
    AttachmentKey key = new AttachmentKey("container", "net1");
    try (ContainerOrder.Held _ = order.enter("container");
        Namespace pod = Namespace.make();
        NodeWatch watch = open(Duration.ofHours(1), Netns::of)) {
      leaveBond("container", pod);
      watch.start();
      pod.awaitListened(true);

      watch.leaving(key);
      pod.awaitListened(false);

      watch.stayed(key);
      pod.awaitListened(true);

      watch.leaving(key);
      watch.removed(key);
      watch.stayed(key);
      pod.awaitListened(false);
    }
  }

  /// A repair that was planned before, or a link that moves, has the record read again: it is
  /// complete on the disk until the removal has begun to write.
  @Test
  void whatIsBeingRemovedIsNotListenedToWhenItsRecordIsReadMeanwhile() throws Exception {
    AttachmentKey key = new AttachmentKey("container", "net1");
    try (ContainerOrder.Held _ = order.enter("container");
        ContainerOrder.Held _ = order.enter("next");
        Namespace pod = Namespace.make();
        Namespace next = Namespace.make();
        NodeWatch watch = open(Duration.ofHours(1), Netns::of)) {
      watch.start();
      leaveBond("container", pod);
      leaveBond("next", next);

      watch.leaving(key);
      watch.made(key);
      watch.made(new AttachmentKey("next", "net1"));

      next.awaitListened(true);
      assertThat(pod.isListenedTo()).isFalse();
      watch.stayed(key);
      pod.awaitListened(true);
    }
  }

  /// A deletion that failed, and was not tried again before its pod ended.
  @Test
  void theEndOfAPodWhoseDeletionFailedIsSeen() throws Exception {
    AttachmentKey key = new AttachmentKey("container", "net1");
    try (Namespace pod = Namespace.make();
        NodeWatch watch = open(Duration.ofHours(1), Netns::of)) {
      Path path = Files.createSymbolicLink(scratch.resolve("netns"), pod.path());
      leaveBond("container", path, pod.origin());
      watch.start();
      pod.awaitListened(true);
      watch.leaving(key);
      pod.awaitListened(false);
      watch.stayed(key);
      pod.awaitListened(true);

      Files.delete(path);

      isRemoved("container");
    }
  }

  private void isRemoved(String container) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!node.log().contains("removed " + container + "/net1: its network namespace")) {
      assertThat(System.nanoTime()).as(node::log).isLessThan(end);
      Thread.sleep(10);
    }
    assertThat(state.resolve(container + ":net1.json")).doesNotExist();
  }

  /// Starts a watch, and waits until it has found the attachments that are there already.
  private void start(NodeWatch watch, Namespace pod, Opened opened) throws Exception {
    leaveRecord("first", pod.path(), pod.origin());
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

  private void leaveRecord(String container, Path netns, Origin origin) throws Exception {
    leaveRecord(container, netns, origin, Optional.empty());
  }
}
