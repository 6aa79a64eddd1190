package dev.podbond.agent.watch;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.News;
import dev.podbond.agent.watch.WorkQueue.Lane;
import dev.podbond.agent.watch.WorkQueue.Progress;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.rtnl.LinkMonitor;
import dev.podbond.node.netns.NetnsIds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Listens to the pods that have an attachment of ours, and to no other: opens their namespaces,
/// and lets go of them. Thread-safe.
final class WatchedPods {
  private final Map<Path, WatchedPod> pods;
  private final WatchedRecords records;
  private final NodeWatch.PodView view;
  private final LinkMonitor<Path> monitor;
  private final FileWatch files;
  private final PodLooks looks;
  private final WorkQueue queue;
  private final Duration delay;
  private final News news;
  private final AgentLog log;
  private final Consumer<WatchedRecord> astray;

  /// The pods whose namespaces are being opened, under the lock of `pods`. Whoever lets go of a pod
  /// takes it out: what comes to be open after that is closed again.
  private final Set<Path> opening = new HashSet<>();

  /// @param pods those that are listened to, each as it was when last looked at; looks change it
  /// @param delay how long a pod that is to be watched again waits
  /// @param astray has an attachment repaired whose namespace cannot be opened, or is another one
  WatchedPods(
      Map<Path, WatchedPod> pods,
      WatchedRecords records,
      NodeWatch.PodView view,
      LinkMonitor<Path> monitor,
      FileWatch files,
      PodLooks looks,
      WorkQueue queue,
      Duration delay,
      News news,
      AgentLog log,
      Consumer<WatchedRecord> astray) {
    this.pods = pods;
    this.records = records;
    this.view = view;
    this.monitor = monitor;
    this.files = files;
    this.looks = looks;
    this.queue = queue;
    this.delay = delay;
    this.news = news;
    this.log = log;
    this.astray = astray;
  }

  /// The subject of a pod that is to be watched again: it was let go of while it was being opened,
  /// or while a deletion that failed was under way.
  private record ToWatch(Path netns) {}

  boolean contains(Path netns) {
    return pods.containsKey(netns);
  }

  /// Those whose end no event has told.
  List<Path> gone() {
    return pods.keySet().stream().filter(netns -> !isThere(netns)).toList();
  }

  /// Whether a path leads to the namespace of every attachment recorded at that path.
  boolean isThere(Path netns) {
    return Files.exists(netns)
        && records.at(netns).stream()
            .noneMatch(record -> NetnsIds.leadsElsewhere(record.netns(), record.netnsId()));
  }

  /// Lets go of a pod that has ended: its VFs come back to the host only when nobody holds its
  /// namespace any more.
  void ended(Path netns) {
    synchronized (pods) {
      opening.remove(netns);
      forget(netns);
    }
  }

  private void forget(Path netns) {
    drop(netns);
    looks.ended(netns);
  }

  private void drop(Path netns) {
    if (pods.remove(netns) != null) {
      news.changed();
    }
    monitor.forget(netns);
  }

  /// Lets go of the attachments that a pod no longer has, and of the pod if it has none. It opens
  /// nothing.
  void release(Path netns) {
    synchronized (pods) {
      opening.remove(netns);
      Optional<WatchedPod> left =
          Optional.ofNullable(pods.get(netns))
              .map(pod -> pod.only(records.at(netns)))
              .filter(pod -> !pod.records().isEmpty());
      if (left.isEmpty()) {
        forget(netns);
        return;
      }
      pods.put(netns, left.get());
      news.changed();
      if (left.get().records().stream().noneMatch(record -> record.bond().isPresent())) {
        monitor.forget(netns);
      }
    }
  }

  /// Watches a pod for its attachments. Opening its namespace may take as long as the kernel takes,
  /// so it holds up nobody, and may be overtaken.
  void watch(Path netns) {
    synchronized (pods) {
      opening.add(netns);
    }
    List<WatchedRecord> there = records.at(netns);
    WatchedPod known = pods.get(netns);
    try {
      if (!there.isEmpty() && (known == null || !known.records().equals(there))) {
        publish(netns, listen(netns, there));
      }
    } catch (LinuxException e) {
      if (Files.exists(netns)) {
        log.warn("the pod of " + netns + " cannot be watched: " + e.getMessage());
        looks.failed(netns);
      } else {
        looks.ended(netns);
      }
      there.forEach(astray);
    } finally {
      synchronized (pods) {
        opening.remove(netns);
      }
    }
  }

  /// Opens what tells of changes in a pod.
  ///
  /// @return the attachments that are in the namespace at the path; that of the others is gone
  private List<WatchedRecord> listen(Path netns, List<WatchedRecord> there) throws LinuxException {
    try (Netns namespace = view.open(netns)) {
      List<WatchedRecord> displaced = WatchedPod.of(there).displaced(NetnsIds.of(namespace));
      if (!displaced.isEmpty()) {
        displaced.forEach(astray);
        synchronized (pods) {
          drop(netns);
        }
      }
      List<WatchedRecord> present = new ArrayList<>(there);
      present.removeAll(displaced);
      Path directory = netns.getParent();
      if (directory != null && !present.isEmpty()) {
        files.add(directory);
      }
      if (present.stream().anyMatch(record -> record.bond().isPresent())) {
        monitor.watch(netns, namespace);
      }
      return present;
    }
  }

  /// Keeps what was opened, unless the pod was let go of meanwhile.
  private void publish(Path netns, List<WatchedRecord> present) {
    boolean overtaken;
    synchronized (pods) {
      overtaken = !opening.remove(netns);
      if (!overtaken && !present.isEmpty()) {
        WatchedPod known = pods.get(netns);
        WatchedPod next = known == null ? WatchedPod.of(present) : known.with(present);
        pods.put(netns, next);
        if (!next.equals(known)) {
          // No look finds this again: to the next one it is as it was.
          news.changed();
        }
      } else if (!pods.containsKey(netns)) {
        monitor.forget(netns);
      }
    }
    if (overtaken) {
      planWatch(netns);
    }
    looks.plan(netns);
  }

  /// Plans to watch a pod.
  void planWatch(Path netns) {
    queue.plan(
        new ToWatch(netns),
        Lane.QUICK,
        delay,
        () -> {
          watch(netns);
          return Progress.DONE;
        });
  }
}
