package dev.podbond.agent.watch;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.bonding.attachment.AttachmentKey;
import dev.podbond.bonding.attachment.Phase;
import dev.podbond.bonding.net.PciAddress;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.rtnl.NetlinkEvent;
import dev.podbond.netlink.rtnl.NetlinkMonitor;
import dev.podbond.netlink.rtnl.NetlinkMonitors;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.plugins.PluginNode;
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
/// is asked for at intervals, but for one look a minute at whether the pods are still there, for
/// namespaces whose end no directory tells.
public final class NodeWatch implements AutoCloseable {
  private static final Path HOST = Path.of("/proc/self/ns/net");
  private static final Duration AT_ONCE = Duration.ZERO;

  /// Events come in bursts.
  private static final Duration SHORTLY = Duration.ofMillis(100);

  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);
  private static final Duration LONG = Duration.ofDays(1);

  private final Caretaker caretaker;
  private final Path pendingDirectory;
  private final AgentLog log;
  private final Chores chores;
  private final FileWatch files;
  private final NetlinkMonitors<Path> monitors;
  private final Thread listener = Thread.ofPlatform().name("netlink-watch").unstarted(this::listen);
  private final Map<Path, WatchedPod> pods = new HashMap<>();
  private final Map<AttachmentKey, WatchedRecord> records = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private NodeWatch(PluginNode node, Caretaker caretaker, Path pendingDirectory, AgentLog log)
      throws IOException {
    this.caretaker = caretaker;
    this.pendingDirectory = pendingDirectory;
    this.log = log;
    this.chores = new Chores(log);
    this.files = FileWatch.open(node.stateDirectory(), new Events(), log);
    this.monitors = NetlinkMonitors.open();
  }

  /// Prepares to watch.
  ///
  /// @throws IOException if the kernel refuses
  public static NodeWatch open(
      PluginNode node, Caretaker caretaker, Path pendingDirectory, AgentLog log)
      throws IOException {
    return new NodeWatch(node, caretaker, pendingDirectory, log);
  }

  /// Puts the node in order, then watches.
  public void start() throws IOException {
    Files.createDirectories(pendingDirectory);
    monitors.add(HOST, NetlinkMonitor.open(NetlinkMonitor.Topic.LINKS));
    files.add(pendingDirectory);
    files.start();
    listener.start();
    if (!caretaker.carryOutPending()) {
      planPending(SHORTLY);
    }
    caretaker.forEachRecord(record -> {
      if (!caretaker.lookAfter(record.key())) {
        planLookAfter(record, SHORTLY);
      }
    });
    caretaker.tidy();
    rescan();
    planSweep();
  }

  /// An attachment was made.
  public void made(AttachmentKey key) {
    chores.plan(new Changed(key), SHORTLY, () -> look(key));
  }

  /// An attachment was removed. Its pod is let go of at once, since it is going to end.
  public void removed(AttachmentKey key) {
    replace(key, Optional.empty());
  }

  /// A call for a whole network has succeeded.
  public void changed() {
    chores.plan("rescan", SHORTLY, this::rescan);
  }

  /// The subject of a look at one record.
  private record Changed(AttachmentKey key) {}

  private final class Events implements FileWatch.Listener {
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
      chores.plan("sweep", AT_ONCE, NodeWatch.this::sweep);
      planPending(SHORTLY);
    }
  }

  private void planPending(Duration delay) {
    chores.plan("pending", delay, caretaker::carryOutPending);
  }

  private void planLookAfter(WatchedRecord record, Duration delay) {
    chores.plan(record.key(), delay, () -> lookAfter(record));
  }

  private boolean lookAfter(WatchedRecord record) {
    boolean done = caretaker.lookAfter(record.key());
    look(record.key());
    return done;
  }

  private void planSweep() {
    chores.plan("sweep", SWEEP_INTERVAL, this::sweep);
  }

  /// Finds pods that ended unseen.
  private boolean sweep() {
    List<Path> gone;
    synchronized (pods) {
      gone = pods.keySet().stream().filter(netns -> !isThere(netns)).toList();
    }
    gone.forEach(this::podIsGone);
    caretaker.tidy();
    planSweep();
    return true;
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
    }
    monitors.remove(netns);
    records.values().stream()
        .filter(record -> isIn(netns, record))
        .forEach(record -> planLookAfter(record, AT_ONCE));
  }

  private static boolean isIn(Path netns, WatchedRecord record) {
    return !record.netns().isEmpty() && Path.of(record.netns()).equals(netns);
  }

  /// Reads all records.
  private boolean rescan() {
    Map<AttachmentKey, WatchedRecord> found = new HashMap<>();
    caretaker.forEachRecord(record -> found.put(record.key(), record));
    Set<AttachmentKey> all = new HashSet<>(records.keySet());
    all.addAll(found.keySet());
    all.forEach(key -> replace(key, Optional.ofNullable(found.get(key))));
    return true;
  }

  /// Reads one record.
  private boolean look(AttachmentKey key) {
    replace(key, caretaker.recorded(key));
    return true;
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
          monitors.remove(netns);
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
    try (Netns namespace = Netns.of(netns)) {
      List<WatchedRecord> displaced = WatchedPod.of(records).displaced(NetnsIds.of(namespace));
      if (!displaced.isEmpty()) {
        displaced.forEach(record -> planLookAfter(record, SHORTLY));
        pods.remove(netns);
        monitors.remove(netns);
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
        monitors.addUnread(netns, NetlinkMonitor.open(namespace, NetlinkMonitor.Topic.LINKS));
      }
      pods.put(netns, known == null ? WatchedPod.of(records) : known.with(records));
      planRefresh(netns);
    } catch (LinuxException e) {
      if (Files.exists(netns)) {
        log.warn("the pod of " + netns + " cannot be watched: " + e.getMessage());
      }
      records.forEach(record -> planLookAfter(record, SHORTLY));
    }
  }

  private void planRefresh(Path netns) {
    chores.plan(netns, SHORTLY, () -> refresh(netns));
  }

  /// Looks how the bonds of a pod are, and after those that lack a member.
  private boolean refresh(Path netns) {
    synchronized (pods) {
      WatchedPod before = pods.get(netns);
      if (before == null) {
        return true;
      }
      try {
        WatchedPod now = before.refreshed(netns);
        now.changesSince(before).forEach(log::info);
        pods.put(netns, now);
        now.incomplete().forEach(record -> planLookAfter(record, AT_ONCE));
      } catch (IOException e) {
        log.warn("the bonds of " + netns + " cannot be read: " + e.getMessage());
      }
      return true;
    }
  }

  private void listen() {
    while (!closed) {
      try {
        Optional<NetlinkMonitors.News<Path>> news = monitors.next(LONG);
        if (news.isPresent()) {
          heard(news.get());
        }
      } catch (IOException e) {
        log.warn("listening to the kernel failed: " + e.getMessage());
        chores.plan("sweep", SHORTLY, this::sweep);
      }
    }
  }

  private void heard(NetlinkMonitors.News<Path> news) {
    if (!news.where().equals(HOST)) {
      planRefresh(news.where());
      return;
    }
    switch (news.event()) {
      case NetlinkEvent.LinkChanged(Link link) -> deviceIsOnHost(link);
      case NetlinkEvent.Overrun() -> chores.plan("sweep", AT_ONCE, this::sweep);
      default -> {}
    }
  }

  /// A VF that belongs into a pod: its pod ended, or its driver made its interface anew.
  private void deviceIsOnHost(Link link) {
    link.parentDeviceName()
        .flatMap(PciAddress::parse)
        .ifPresent(pci ->
            records.values().stream()
                .filter(record -> record.vfs().contains(pci))
                .forEach(record -> planLookAfter(record, SHORTLY)));
  }

  /// Every bond that is watched.
  public JsonObject bonds() {
    List<JsonValue> bonds = new ArrayList<>();
    synchronized (pods) {
      pods.values().forEach(pod -> bonds.addAll(pod.toJson()));
    }
    return JsonObject.of("bonds", new JsonArray(bonds));
  }

  @Override
  public void close() throws IOException {
    closed = true;
    files.close();
    chores.close();
    monitors.wakeUp();
    try {
      listener.join(Duration.ofSeconds(5));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    monitors.close();
  }
}
