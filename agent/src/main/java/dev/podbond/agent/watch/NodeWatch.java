package dev.podbond.agent.watch;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.watch.WorkQueue.Lane;
import dev.podbond.agent.watch.WorkQueue.Progress;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.rtnl.LinkMonitor;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Listens to the host and to every pod that has a bond of ours, and has done what follows. Nothing
/// is asked for at intervals, but for one look a minute at what no event told: namespaces whose end
/// no directory shows, pods that could not be watched when they came.
///
/// What an IPAM plugin may hold up is done in a lane of its own, so that a bond's repair never
/// waits for one.
public final class NodeWatch implements AutoCloseable {
  private static final Duration AT_ONCE = Duration.ZERO;

  /// Events come in bursts.
  private static final Duration SHORTLY = Duration.ofMillis(100);

  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);

  /// Where the kernel does not tell when files come and go.
  private static final Duration BLIND_SWEEP_INTERVAL = Duration.ofSeconds(5);

  /// More work is not planned at a time; the rest is found again by the next look.
  private static final int MOST_PLANNED = 2000;

  private static final Duration LONG = Duration.ofDays(1);

  private final Repairs repairs;
  private final Path pendingDirectory;
  private final AgentLog log;
  private final WorkQueue queue;
  private final FileWatch files;
  private final LinkMonitor<Path> monitor;
  private final Duration sweepInterval;
  private final PodView view;
  private final Events events = new Events();
  private final ListenerThread listener;
  private final Map<Path, WatchedPod> pods = new ConcurrentHashMap<>();
  private final Map<AttachmentKey, WatchedRecord> records = new ConcurrentHashMap<>();

  /// How pods are come to and looked at.
  interface PodView {
    Netns open(Path netns) throws LinuxException;

    /// How the bonds of a pod are by now. It may take as long as the kernel takes.
    default WatchedPod look(WatchedPod before, Path netns) throws IOException {
      return before.refreshed(netns);
    }
  }

  private NodeWatch(
      Repairs repairs, Path pendingDirectory, AgentLog log, Duration sweepInterval, PodView view)
      throws IOException {
    this.repairs = repairs;
    this.pendingDirectory = pendingDirectory;
    this.log = log;
    this.queue = new WorkQueue(log);
    this.files = FileWatch.open(events, log);
    this.monitor = LinkMonitor.open();
    this.sweepInterval = sweepInterval;
    this.view = view;
    this.listener = new ListenerThread("netlink-watch", this::receiveNext, this::missed, log);
  }

  /// Prepares to watch.
  ///
  /// @throws IOException if the kernel refuses
  public static NodeWatch open(Repairs repairs, Path pendingDirectory, AgentLog log)
      throws IOException {
    return open(repairs, pendingDirectory, log, SWEEP_INTERVAL, Netns::of);
  }

  static NodeWatch open(
      Repairs repairs, Path pendingDirectory, AgentLog log, Duration sweepInterval, PodView view)
      throws IOException {
    return new NodeWatch(repairs, pendingDirectory, log, sweepInterval, view);
  }

  /// Watches, and puts the node in order beside whoever calls meanwhile: a call clears what is left
  /// of its own attachment, and takes a VF only in order, so nobody has to wait for the rest.
  public void start() throws IOException {
    Files.createDirectories(pendingDirectory);
    files.add(pendingDirectory);
    files.start();
    listener.start();
    queue.plan("start", Lane.QUICK, AT_ONCE, this::takeOver);
    planSweep();
  }

  /// What a former agent left, or a node that was rebooted.
  private Progress takeOver() {
    repairs.forEachRecord(record -> planRepair(record, AT_ONCE));
    planPending(AT_ONCE);
    repairs.tidy();
    return rescan();
  }

  /// An attachment was made.
  public void made(AttachmentKey key) {
    queue.plan(new Changed(key), Lane.QUICK, SHORTLY, () -> look(key));
  }

  /// An attachment was removed. Its pod is let go of at once, since it is going to end.
  public void removed(AttachmentKey key) {
    replace(key, Optional.empty());
  }

  /// A call for a whole network has succeeded.
  public void changed() {
    queue.plan("rescan", Lane.QUICK, SHORTLY, this::rescan);
  }

  /// The subject of a look at one record.
  private record Changed(AttachmentKey key) {}

  /// The subject of a look after a pod has ended, which is another than that of repairs: it does
  /// not wait because a repair failed while the pod was there.
  private record End(AttachmentKey key) {}

  /// The subject of a removal whose addresses are left.
  private record Removal(AttachmentKey key) {}

  private final class Events implements FileWatch.Listener, LinkMonitor.Listener<Path> {
    @Override
    public void appeared(Path file) {
      if (pendingDirectory.equals(file.getParent())) {
        planPending(SHORTLY);
      }
    }

    @Override
    public void disappeared(Path file) {
      if (!pendingDirectory.equals(file.getParent())) {
        podIsGone(file);
      }
    }

    @Override
    public void overflowed(Path directory) {
      queue.plan("sweep", Lane.QUICK, AT_ONCE, NodeWatch.this::sweep);
      planPending(SHORTLY);
    }

    /// A VF that belongs into a pod may be on the host: its pod ended, or its driver made its
    /// interface anew.
    @Override
    public void linkChanged(Link link) {
      link.parentDeviceName()
          .flatMap(PciAddress::parse)
          .ifPresent(pci ->
              records.values().stream()
                  .filter(record -> record.vfs().contains(pci))
                  .forEach(record -> planRepair(record, SHORTLY)));
    }

    @Override
    public void newsLost() {
      queue.plan("sweep", Lane.QUICK, AT_ONCE, NodeWatch.this::sweep);
      planLookAfterVfs();
    }

    @Override
    public void changed(Path netns) {
      planRefresh(netns);
    }
  }

  private void planPending(Duration delay) {
    queue.plan("pending", Lane.QUICK, delay, this::findPending);
  }

  /// Has each deletion that waits carried out, several at a time.
  private Progress findPending() {
    repairs.forEachPending(file -> {
      queue.plan(file, Lane.SLOW, AT_ONCE, () -> repairs.carryOut(file));
      return queue.size() < MOST_PLANNED;
    });
    return Progress.DONE;
  }

  private void planRepair(WatchedRecord record, Duration delay) {
    AttachmentKey key = record.key();
    queue.plan(key, Lane.QUICK, delay, () -> repair(key));
  }

  private Progress repair(AttachmentKey key) {
    Progress progress =
        switch (repairs.repair(key)) {
          case Repairs.Look.Ended(Progress ended) -> ended;
          case Repairs.Look.AddressesLeft(String reason) -> {
            queue.plan(new Removal(key), Lane.SLOW, AT_ONCE, () -> repairs.finish(key, reason));
            yield Progress.DONE;
          }
        };
    look(key);
    return progress;
  }

  private void planEnd(WatchedRecord record) {
    AttachmentKey key = record.key();
    queue.plan(new End(key), Lane.QUICK, AT_ONCE, () -> repair(key));
  }

  private void planSweep() {
    queue.plan(
        "sweep", Lane.QUICK, files.seesAll() ? sweepInterval : BLIND_SWEEP_INTERVAL, this::sweep);
  }

  /// Finds what no event told: pods that ended, pods that could not be watched when they came,
  /// deletions that wait.
  private Progress sweep() {
    try {
      pods.keySet().stream().filter(netns -> !isThere(netns)).toList().forEach(this::podIsGone);
      records.values().stream()
          .filter(record -> !pods.containsKey(Path.of(record.netns())))
          .toList()
          .forEach(this::watchAgain);
      planPending(AT_ONCE);
      repairs.tidy();
    } finally {
      planSweep();
    }
    return Progress.DONE;
  }

  private void watchAgain(WatchedRecord record) {
    Path netns = Path.of(record.netns());
    if (!isThere(netns)) {
      planEnd(record);
      return;
    }
    synchronized (pods) {
      watch(netns, records.values().stream().filter(other -> isIn(netns, other)).toList());
    }
  }

  /// Whether the namespaces of all attachments at a path are the one to which it leads.
  private boolean isThere(Path netns) {
    return Files.exists(netns)
        && records.values().stream()
            .filter(record -> isIn(netns, record))
            .noneMatch(record -> NetnsIds.leadsElsewhere(record.netns(), record.netnsId()));
  }

  /// Lets go of the namespace first: what is in it comes back only when nobody holds it any more.
  private void podIsGone(Path netns) {
    synchronized (pods) {
      pods.remove(netns);
      monitor.forget(netns);
    }
    records.values().stream().filter(record -> isIn(netns, record)).forEach(this::planEnd);
  }

  private static boolean isIn(Path netns, WatchedRecord record) {
    return !record.netns().isEmpty() && Path.of(record.netns()).equals(netns);
  }

  /// Reads all records.
  private Progress rescan() {
    Map<AttachmentKey, WatchedRecord> found = new HashMap<>();
    repairs.forEachRecord(record -> found.put(record.key(), record));
    Set<AttachmentKey> all = new HashSet<>(records.keySet());
    all.addAll(found.keySet());
    all.forEach(key -> replace(key, Optional.ofNullable(found.get(key))));
    return Progress.DONE;
  }

  /// Reads one record.
  private Progress look(AttachmentKey key) {
    replace(key, repairs.recorded(key));
    return Progress.DONE;
  }

  /// Watches exactly the pods that have an attachment.
  private void replace(AttachmentKey key, Optional<WatchedRecord> now) {
    Optional<WatchedRecord> complete = now.filter(record -> record.phase() == Phase.COMPLETE);
    Optional<WatchedRecord> before =
        Optional.ofNullable(
            complete.isPresent() ? records.put(key, complete.get()) : records.remove(key));
    if (before.equals(complete)) {
      return;
    }
    Set<Path> concerned = new HashSet<>();
    before.ifPresent(record -> concerned.add(Path.of(record.netns())));
    complete.ifPresent(record -> concerned.add(Path.of(record.netns())));
    for (Path netns : concerned) {
      List<WatchedRecord> there =
          records.values().stream().filter(record -> isIn(netns, record)).toList();
      synchronized (pods) {
        if (there.isEmpty()) {
          pods.remove(netns);
          monitor.forget(netns);
        } else {
          watch(netns, there);
        }
      }
    }
  }

  private void watch(Path netns, List<WatchedRecord> records) {
    WatchedPod known = pods.get(netns);
    if (known != null && known.records().equals(records)) {
      return;
    }
    try (Netns namespace = view.open(netns)) {
      List<WatchedRecord> displaced = WatchedPod.of(records).displaced(NetnsIds.of(namespace));
      if (!displaced.isEmpty()) {
        displaced.forEach(record -> planRepair(record, SHORTLY));
        pods.remove(netns);
        monitor.forget(netns);
        List<WatchedRecord> present = new ArrayList<>(records);
        present.removeAll(displaced);
        if (!present.isEmpty()) {
          watch(netns, present);
        }
        return;
      }
      Path directory = netns.getParent();
      if (directory != null) {
        files.add(directory);
      }
      if (records.stream().anyMatch(record -> record.bond().isPresent())) {
        monitor.watch(netns, namespace);
      }
      pods.put(netns, known == null ? WatchedPod.of(records) : known.with(records));
      planRefresh(netns);
    } catch (LinuxException e) {
      if (Files.exists(netns)) {
        log.warn("the pod of " + netns + " cannot be watched: " + e.getMessage());
      }
      records.forEach(record -> planRepair(record, SHORTLY));
    }
  }

  private void planRefresh(Path netns) {
    queue.plan(netns, Lane.QUICK, SHORTLY, () -> refresh(netns));
  }

  /// Looks how the bonds of a pod are, and after those that lack a member. Nobody who asks for the
  /// bonds waits for the look.
  private Progress refresh(Path netns) {
    WatchedPod before = pods.get(netns);
    if (before == null) {
      return Progress.DONE;
    }
    WatchedPod now;
    try {
      now = view.look(before, netns);
    } catch (IOException e) {
      if (!Files.exists(netns)) {
        return Progress.DONE;
      }
      log.warn("the bonds of " + netns + " cannot be read: " + e.getMessage());
      return Progress.AGAIN;
    }
    if (!pods.replace(netns, before, now)) {
      planRefresh(netns);
      return Progress.DONE;
    }
    now.changesSince(before).forEach(log::info);
    now.incomplete().forEach(record -> planRepair(record, AT_ONCE));
    return Progress.DONE;
  }

  private void receiveNext() throws IOException {
    monitor.await(LONG, events);
  }

  /// Whatever has happened while nobody listened is looked for.
  private void missed() {
    queue.plan("sweep", Lane.QUICK, SHORTLY, this::sweep);
    planLookAfterVfs();
  }

  /// A VF may have come back while news were lost.
  private void planLookAfterVfs() {
    records.values().stream()
        .filter(record -> !record.vfs().isEmpty())
        .forEach(record -> planRepair(record, SHORTLY));
  }

  /// Every bond that is watched, and what keeps the watch from seeing all at once.
  public JsonObject bonds() {
    List<JsonValue> bonds = new ArrayList<>();
    pods.values().forEach(pod -> bonds.addAll(pod.toJson()));
    return JsonObject.builder()
        .put("bonds", new JsonArray(bonds))
        .put("limits", JsonArray.ofStrings(files.blindness().stream().toList()))
        .build();
  }

  @Override
  public void close() throws IOException {
    listener.end();
    files.close();
    queue.close();
    monitor.wakeUp();
    listener.await(Duration.ofSeconds(5));
    monitor.close();
  }
}
