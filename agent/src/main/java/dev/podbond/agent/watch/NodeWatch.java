package dev.podbond.agent.watch;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.News;
import dev.podbond.agent.watch.WorkQueue.Lane;
import dev.podbond.agent.watch.WorkQueue.Progress;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import dev.podbond.metrics.NodeCounters;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Listens to the host and to every pod that has a bond of ours, and schedules the work that
/// follows. It does not poll, with one exception: once a minute it looks for what no event tells,
/// such as namespaces whose end no directory shows, and pods that could not be watched when they
/// appeared.
///
/// Work that may wait for an IPAM plugin has its own lane, so that a bond's repair never waits for
/// one.
public final class NodeWatch implements AutoCloseable {
  private static final Duration AT_ONCE = Duration.ZERO;

  /// Events come in bursts, so work waits a moment and then covers the whole burst.
  private static final Duration SHORTLY = Duration.ofMillis(100);

  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);

  /// If the kernel cannot tell us when files appear and disappear.
  private static final Duration BLIND_SWEEP_INTERVAL = Duration.ofSeconds(5);

  /// The most subjects with planned work at a time. The next sweep finds the deletions that are
  /// left.
  private static final int MOST_PLANNED = 2000;

  private static final Duration LONG = Duration.ofDays(1);

  private final Repairs repairs;
  private final Path pendingDirectory;
  private final NodeCounters counters;
  private final News news;
  private final AgentLog log;
  private final WorkQueue queue;
  private final FileWatch files;
  private final LinkMonitor<Path> monitor;
  private final Duration sweepInterval;
  private final PodView view;
  private final PodLooks looks;
  private final Events events = new Events();
  private final ListenerThread listener;
  private final Map<Path, WatchedPod> pods = new ConcurrentHashMap<>();
  private final BondReadings readings;
  private final Map<AttachmentKey, WatchedRecord> records = new ConcurrentHashMap<>();

  /// The attachments that are being removed, with their records as far as they were known, under
  /// the lock of `pods`. Whatever is read of them meanwhile, they are not watched.
  private final Map<AttachmentKey, Optional<WatchedRecord>> leaving = new HashMap<>();

  /// The pods whose namespaces are being opened, under the lock of `pods`. Whoever lets go of a pod
  /// takes it out: what comes to be open after that is closed again.
  private final Set<Path> opening = new HashSet<>();

  /// How pods are come to and looked at.
  interface PodView {
    Netns open(Path netns) throws LinuxException;

    /// Reads the present state of a pod's bonds. It may block as long as the kernel does.
    default WatchedPod look(WatchedPod before, Path netns) throws IOException {
      return before.refreshed(netns);
    }
  }

  private NodeWatch(
      Repairs repairs,
      Path pendingDirectory,
      WorkQueue queue,
      NodeCounters counters,
      News news,
      AgentLog log,
      Duration sweepInterval,
      PodView view)
      throws IOException {
    this.repairs = repairs;
    this.readings = new BondReadings(pods, repairs::carrier, repairs::ports);
    this.counters = counters;
    this.news = news;
    this.pendingDirectory = pendingDirectory;
    this.log = log;
    this.queue = queue;
    this.files = FileWatch.open(events, log);
    this.monitor = LinkMonitor.open();
    this.sweepInterval = sweepInterval;
    this.view = view;
    this.looks =
        new PodLooks(
            pods,
            view,
            repairs,
            queue,
            SHORTLY,
            news,
            log,
            record -> planRepair(record.key(), AT_ONCE));
    this.listener = new ListenerThread("netlink-watch", this::receiveNext, this::missed, log);
  }

  /// Prepares to watch.
  ///
  /// @param queue does what follows; it is closed with the watch
  /// @param counters count news that was lost
  /// @param news is told when what [#bonds] says has changed
  /// @throws IOException if the kernel refuses
  public static NodeWatch open(
      Repairs repairs,
      Path pendingDirectory,
      WorkQueue queue,
      NodeCounters counters,
      News news,
      AgentLog log)
      throws IOException {
    return open(repairs, pendingDirectory, queue, counters, news, log, SWEEP_INTERVAL, Netns::of);
  }

  static NodeWatch open(
      Repairs repairs,
      Path pendingDirectory,
      WorkQueue queue,
      NodeCounters counters,
      News news,
      AgentLog log,
      Duration sweepInterval,
      PodView view)
      throws IOException {
    return new NodeWatch(
        repairs, pendingDirectory, queue, counters, news, log, sweepInterval, view);
  }

  /// Watches, and puts the node in order while calls are already being served. Calls need not wait
  /// for that: a call cleans up its own attachment first, and takes only a VF that is in order.
  public void start() throws IOException {
    Files.createDirectories(pendingDirectory);
    files.add(pendingDirectory);
    files.start();
    listener.start();
    queue.plan("start", Lane.QUICK, AT_ONCE, new TakeOver(repairs, new Beginning(), looks)::run);
    planSweep();
  }

  /// An attachment was made.
  public void made(AttachmentKey key) {
    queue.plan(new Changed(key), Lane.QUICK, SHORTLY, () -> look(key));
  }

  /// The removal of an attachment begins. Nobody observes meanwhile what it takes apart: that would
  /// only hold it up.
  public void leaving(AttachmentKey key) {
    synchronized (pods) {
      leaving.putIfAbsent(key, Optional.ofNullable(records.get(key)));
    }
    replace(key, Optional.empty());
  }

  /// A removal that began did not succeed. The end of the pod is awaited as before, and what came
  /// home meanwhile is looked after.
  public void stayed(AttachmentKey key) {
    Optional<WatchedRecord> known;
    synchronized (pods) {
      known = leaving.getOrDefault(key, Optional.empty());
      leaving.remove(key);
      known.ifPresent(record -> records.put(key, record));
    }
    if (known.isPresent()) {
      planWatch(Path.of(known.get().netns()));
      planRepair(key, SHORTLY);
    } else {
      made(key);
    }
  }

  /// An attachment was removed. Its pod is let go of at once, since it is going to end; whoever
  /// says so waits for no namespace that is being opened.
  public void removed(AttachmentKey key) {
    replace(key, Optional.empty());
    synchronized (pods) {
      leaving.remove(key);
    }
  }

  /// A call for a whole network has succeeded.
  public void changed() {
    queue.plan("rescan", Lane.QUICK, SHORTLY, () -> rescan() ? Progress.DONE : Progress.AGAIN);
  }

  /// The subject of reading one record.
  private record Changed(AttachmentKey key) {}

  /// The subject of the repair after a pod has ended. It differs from the subject of other repairs,
  /// so that it does not wait because a repair failed while the pod existed.
  private record End(AttachmentKey key) {}

  /// The subject of a pod that is to be watched again: it was let go of while it was being opened,
  /// or while a deletion that failed was under way.
  private record ToWatch(Path netns) {}

  /// The subject of a removal whose addresses are left.
  private record Removal(AttachmentKey key) {}

  private final class Beginning implements TakeOver.Watch {
    @Override
    public void repair(AttachmentKey key) {
      planRepair(key, AT_ONCE);
    }

    @Override
    public void deletePending() {
      planPending(AT_ONCE);
    }

    @Override
    public boolean rescan() {
      return NodeWatch.this.rescan();
    }

    @Override
    public Collection<WatchedRecord> records() {
      return records.values();
    }
  }

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

    /// A VF that belongs into a pod may be on the host: its pod ended, or its driver recreated its
    /// interface.
    @Override
    public void linkChanged(Link link) {
      link.parentDeviceName()
          .flatMap(PciAddress::parse)
          .ifPresent(pci ->
              records.values().stream()
                  .filter(record -> record.vfs().contains(pci))
                  .forEach(record -> planRepair(record.key(), SHORTLY)));
    }

    @Override
    public void newsLost() {
      counters.newsLost();
      queue.plan("sweep", Lane.QUICK, AT_ONCE, NodeWatch.this::sweep);
      planLookAfterVfs();
    }

    @Override
    public void changed(Path netns) {
      looks.plan(netns);
    }
  }

  private void planPending(Duration delay) {
    queue.plan("pending", Lane.QUICK, delay, this::findPending);
  }

  /// Plans each deletion that waits; several run at a time.
  private Progress findPending() {
    repairs.forEachPending(file -> {
      queue.plan(file, Lane.SLOW, AT_ONCE, () -> repairs.carryOut(file));
      return queue.size() < MOST_PLANNED;
    });
    return Progress.DONE;
  }

  private void planRepair(AttachmentKey key, Duration delay) {
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

  /// Finds what no event told: pods that ended, pods that could not be watched when they appeared,
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
    if (isThere(netns)) {
      watch(netns);
    } else {
      planEnd(record);
    }
  }

  /// Whether a path leads to the namespace of every attachment recorded at that path.
  private boolean isThere(Path netns) {
    return Files.exists(netns)
        && recordsAt(netns).stream()
            .noneMatch(record -> NetnsIds.leadsElsewhere(record.netns(), record.netnsId()));
  }

  /// Releases the namespace first: its VFs come back to the host only when nobody holds it any
  /// more.
  private void podIsGone(Path netns) {
    synchronized (pods) {
      opening.remove(netns);
      forget(netns);
    }
    recordsAt(netns).forEach(this::planEnd);
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

  private List<WatchedRecord> recordsAt(Path netns) {
    return records.values().stream()
        .filter(record -> !record.netns().isEmpty() && Path.of(record.netns()).equals(netns))
        .toList();
  }

  /// Reads all records. If they cannot be listed, all stays as it is known.
  ///
  /// @return whether they could be listed
  private boolean rescan() {
    Map<AttachmentKey, WatchedRecord> found = new HashMap<>();
    if (!repairs.forEachRecord(record -> found.put(record.key(), record))) {
      return false;
    }
    Set<AttachmentKey> all = new HashSet<>(records.keySet());
    all.addAll(found.keySet());
    all.forEach(key -> replace(key, Optional.ofNullable(found.get(key))));
    return true;
  }

  /// Reads one record.
  private Progress look(AttachmentKey key) {
    replace(key, repairs.recorded(key));
    return Progress.DONE;
  }

  /// Updates one record, so that the watch covers exactly the pods that have an attachment.
  private void replace(AttachmentKey key, Optional<WatchedRecord> now) {
    Optional<WatchedRecord> complete;
    Optional<WatchedRecord> before;
    synchronized (pods) {
      complete =
          leaving.containsKey(key)
              ? Optional.empty()
              : now.filter(record -> record.phase() == Phase.COMPLETE);
      before =
          Optional.ofNullable(
              complete.isPresent() ? records.put(key, complete.get()) : records.remove(key));
    }
    if (before.equals(complete)) {
      return;
    }
    Optional<Path> from = before.map(record -> Path.of(record.netns()));
    Optional<Path> to = complete.map(record -> Path.of(record.netns()));
    if (!from.equals(to)) {
      from.ifPresent(this::release);
    }
    to.ifPresent(this::watch);
  }

  /// Lets go of the attachments that a pod no longer has, and of the pod if it has none. It opens
  /// nothing.
  private void release(Path netns) {
    synchronized (pods) {
      opening.remove(netns);
      Optional<WatchedPod> left =
          Optional.ofNullable(pods.get(netns))
              .map(pod -> pod.only(recordsAt(netns)))
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
  private void watch(Path netns) {
    synchronized (pods) {
      opening.add(netns);
    }
    List<WatchedRecord> there = recordsAt(netns);
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
      there.forEach(record -> planRepair(record.key(), SHORTLY));
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
        displaced.forEach(record -> planRepair(record.key(), SHORTLY));
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

  private void planWatch(Path netns) {
    queue.plan(
        new ToWatch(netns),
        Lane.QUICK,
        SHORTLY,
        () -> {
          watch(netns);
          return Progress.DONE;
        });
  }

  private void receiveNext() throws IOException {
    monitor.await(LONG, events);
  }

  /// Looks for everything that may have happened while nobody listened.
  private void missed() {
    counters.newsLost();
    queue.plan("sweep", Lane.QUICK, SHORTLY, this::sweep);
    planLookAfterVfs();
  }

  /// A VF may have come back while news were lost.
  private void planLookAfterVfs() {
    records.values().stream()
        .filter(record -> !record.vfs().isEmpty())
        .forEach(record -> planRepair(record.key(), SHORTLY));
  }

  /// All watched bonds, and the reasons why the watch may notice some changes late. As long as
  /// those of some pods may be missing, since the watch has just begun, it says `starting`.
  public JsonObject bonds() {
    boolean starting = looks.areFirst();
    List<JsonValue> bonds = new ArrayList<>();
    pods.values().forEach(pod -> bonds.addAll(pod.toJson()));
    return told(
        JsonObject.builder()
            .put("bonds", new JsonArray(bonds))
            .put("limits", JsonArray.ofStrings(files.blindness().stream().toList()))
            .build(),
        starting);
  }

  private static JsonObject told(JsonObject answer, boolean starting) {
    return starting ? answer.with("starting", JsonBoolean.TRUE) : answer;
  }

  /// As [#bonds], with those bonds alone whose text fits in so many bytes; the limits say how many
  /// do not.
  public JsonObject bonds(int mostBytes) {
    boolean starting = looks.areFirst();
    BondListing listing = new BondListing(mostBytes);
    pods.values().forEach(pod -> pod.toJson().forEach(listing::add));
    return told(listing.toJson(files.blindness().stream().toList()), starting);
  }

  /// What metrics show of the watched bonds.
  public BondReadings readings() {
    return readings;
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
