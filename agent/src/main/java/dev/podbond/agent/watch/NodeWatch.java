package dev.podbond.agent.watch;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.News;
import dev.podbond.agent.watch.WorkQueue.Lane;
import dev.podbond.agent.watch.WorkQueue.Progress;
import dev.podbond.bonding.linkstate.AttachedVfs;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import dev.podbond.metrics.NodeCounters;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.rtnl.LinkMonitor;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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

  /// The driver of a VF may look at its link only every 2 s, as igbvf does. If the carrier of a PF
  /// were news before that, a report would be made of it alone, and the next one, with the bonds
  /// that lost a member, only after a pause.
  private static final Duration AFTER_VFS = Duration.ofSeconds(3);

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
  private final WorkQueue queue;
  private final FileWatch files;
  private final LinkMonitor<Path> monitor;
  private final Duration sweepInterval;
  private final PodLooks looks;
  private final Events events = new Events();
  private final ListenerThread listener;
  private final Map<Path, WatchedPod> pods = new ConcurrentHashMap<>();
  private final BondReadings readings;
  private final WatchedRecords records = new WatchedRecords();
  private final WatchedPods watched;

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
    this.readings =
        new BondReadings(
            pods, repairs::carrier, repairs::ports, news::changed, this::planNewsOfCarriers);
    this.counters = counters;
    this.news = news;
    this.pendingDirectory = pendingDirectory;
    this.queue = queue;
    this.files = FileWatch.open(events, log);
    this.monitor = LinkMonitor.open();
    this.sweepInterval = sweepInterval;
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
    this.watched =
        new WatchedPods(
            pods,
            records,
            view,
            monitor,
            files,
            looks,
            queue,
            SHORTLY,
            news,
            log,
            record -> planRepair(record.key(), SHORTLY));
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
    records.leaving(key);
    replace(key, Optional.empty());
  }

  /// A removal that began did not succeed. The end of the pod is awaited as before, and what came
  /// home meanwhile is looked after.
  public void stayed(AttachmentKey key) {
    Optional<WatchedRecord> known = records.stayed(key);
    if (known.isPresent()) {
      watched.planWatch(Path.of(known.get().netns()));
      planRepair(key, SHORTLY);
    } else {
      made(key);
    }
  }

  /// An attachment was removed. Its pod is let go of at once, since it is going to end; whoever
  /// says so waits for no namespace that is being opened.
  public void removed(AttachmentKey key) {
    replace(key, Optional.empty());
    records.left(key);
  }

  /// Members of a bond were demoted or restored. Of what is written down the kernel has no news.
  public void demoted(AttachmentKey key) {
    records.of(key).ifPresent(record -> looks.plan(Path.of(record.netns())));
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
      return records.all();
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
    /// interface. Or a PF has lost or regained its carrier, of which a bond need not notice
    /// anything.
    @Override
    public void linkChanged(Link link) {
      link.parentDeviceName()
          .flatMap(PciAddress::parse)
          .ifPresent(pci -> {
            records.having(pci).forEach(record -> planRepair(record.key(), SHORTLY));
            if (readings.told(pci, link.isUp() && link.hasCarrier())) {
              planNewsOfCarriers();
            }
          });
    }

    @Override
    public void newsLost() {
      counters.newsLost();
      queue.plan("sweep", Lane.QUICK, AT_ONCE, NodeWatch.this::sweep);
      planLookAfterVfs();
      missedCarriers();
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
      watched.gone().forEach(this::podIsGone);
      records.all().stream()
          .filter(record -> !watched.contains(Path.of(record.netns())))
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
    if (watched.isThere(netns)) {
      watched.watch(netns);
    } else {
      planEnd(record);
    }
  }

  private void podIsGone(Path netns) {
    watched.ended(netns);
    records.at(netns).forEach(this::planEnd);
  }

  /// Reads all records. If they cannot be listed, all stays as it is known.
  ///
  /// @return whether they could be listed
  private boolean rescan() {
    Map<AttachmentKey, WatchedRecord> found = new HashMap<>();
    if (!repairs.forEachRecord(record -> found.put(record.key(), record))) {
      return false;
    }
    Set<AttachmentKey> all = records.keys();
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
    WatchedRecords.Change change = records.replace(key, now);
    if (change.before().equals(change.now())) {
      return;
    }
    Optional<Path> from = change.before().map(record -> Path.of(record.netns()));
    Optional<Path> to = change.now().map(record -> Path.of(record.netns()));
    if (!from.equals(to)) {
      from.ifPresent(watched::release);
    }
    to.ifPresent(watched::watch);
  }

  private void receiveNext() throws IOException {
    monitor.await(LONG, events);
  }

  /// Looks for everything that may have happened while nobody listened.
  private void missed() {
    counters.newsLost();
    queue.plan("sweep", Lane.QUICK, SHORTLY, this::sweep);
    planLookAfterVfs();
    missedCarriers();
  }

  private void missedCarriers() {
    readings.missed();
    planNewsOfCarriers();
  }

  /// Whoever asks meanwhile has the carriers already.
  private void planNewsOfCarriers() {
    queue.plan(
        "carriers",
        Lane.QUICK,
        AFTER_VFS,
        () -> {
          news.changed();
          return Progress.DONE;
        });
  }

  /// A VF may have come back while news were lost.
  private void planLookAfterVfs() {
    records.all().stream()
        .filter(record -> !record.vfs().isEmpty())
        .forEach(record -> planRepair(record.key(), SHORTLY));
  }

  /// Whether all pods that were there at the start have been looked at, so that no bond is missing
  /// in what is asked for after this.
  public boolean isReady() {
    return !looks.areFirst();
  }

  /// Whose VFs are, by the records of the attachments that are watched, whatever their pods were
  /// seen to have.
  public AttachedVfs attachedVfs() {
    return records.attachedVfs();
  }

  /// All watched bonds, and the reasons why the watch may notice some changes late. As long as
  /// those of some pods may be missing, since the watch has just begun, it says `starting`.
  public JsonObject bonds() {
    boolean starting = looks.areFirst();
    List<JsonValue> bonds = new ArrayList<>();
    pods.values().forEach(pod -> bonds.addAll(pod.toJson(readings.cabling())));
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
    pods.values().forEach(pod -> pod.toJson(readings.cabling()).forEach(listing::add));
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
