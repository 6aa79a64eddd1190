package dev.podbond.agent.uplink;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.serve.RareWarning;
import dev.podbond.agent.watch.WatchedBond;
import dev.podbond.bonding.linkstate.AttachedVfs;
import dev.podbond.bonding.linkstate.VfLinkStates;
import dev.podbond.bonding.lldp.Neighbours;
import dev.podbond.bonding.uplink.NodeUplinks;
import dev.podbond.bonding.uplink.PfPort;
import dev.podbond.bonding.uplink.PfUplink;
import dev.podbond.bonding.uplink.ProbePath;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.bonding.uplink.Signal;
import dev.podbond.bonding.uplink.SignalKey;
import dev.podbond.bonding.uplink.UplinkAction;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.metrics.NodeCounters;
import dev.podbond.node.lldp.LldpReceiver;
import dev.podbond.node.probe.Probes;
import dev.podbond.plugins.demotion.Demoting;
import dev.podbond.plugins.linkstate.VfLinkSwitch;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Watches the uplinks of the PFs that bonds use, tells what becomes of them, and has bonds leave
/// them where the settings say so. It looks once a second, since the kernel may change a port's
/// state without news, on a thread of its own: the kernel makes it wait while somebody configures
/// an interface. Without a settings file there is no thread, and nothing but the file is looked at,
/// whenever somebody asks.
public final class UplinkWatch implements AutoCloseable {
  /// So long the end of the agent waits for a look that is under way.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// So long the end of the agent may take because of what is demoted.
  private static final Duration LAST_ACT = Duration.ofSeconds(10);

  /// So long it may take because of VFs without a link: time of its own, so that neither has less
  /// because of the other.
  private static final Duration LAST_LINKS = Duration.ofSeconds(5);

  /// The kernel may take longer for what begins within such a time.
  private static final Duration LAST_CHANGE = Duration.ofSeconds(1);

  private final SettingsSource file;
  private final Supplier<Map<PciAddress, String>> pfs;
  private final Ports ports;
  private final Prober prober;
  private final LldpReceiver lldp;
  private final Runnable changed;
  private final AgentLog log;
  private final RareWarning problems;
  private final Supplier<Duration> clock;
  private final Demoter demoter;
  private final VfLinks links;
  private Optional<UplinkSettings> settings = Optional.empty();
  private Optional<Thread> thread = Optional.empty();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile NodeUplinks known = NodeUplinks.NONE;
  private volatile Neighbours neighbours = Neighbours.NONE;
  private volatile boolean watching;

  /// Whether nobody was demoted or without a link any more when nothing was watched.
  private volatile boolean restored;

  /// Reads the interfaces of PFs on the host.
  @FunctionalInterface
  public interface Ports {
    /// Each as it is now.
    Map<PciAddress, PfPort> of(Collection<PciAddress> pfs);
  }

  /// By what it learns of uplinks.
  ///
  /// @param ports the interfaces of PFs on the host
  /// @param probes asks hosts beyond the switch
  /// @param lldp hears who is at the other ends of the cables
  public record Senses(Ports ports, Probes probes, LldpReceiver lldp) {}

  /// The bonds of the node, and what may be done to them.
  public interface Bonds {
    /// Those that are watched, as they were when last looked at.
    List<WatchedBond> watched();

    /// Has members of a bond leave or come back.
    Demoting.Outcome judge(AttachmentKey key, Demoting.Orders orders);

    /// Hands over those of which anything is written down.
    ///
    /// @return false if they cannot be listed, so that there may be others
    boolean forEachDemoted(Consumer<AttachmentKey> each);

    /// One was changed, and is to be looked at.
    void changed(AttachmentKey key);
  }

  /// The VFs of the node, and what may be done to them.
  public interface Vfs {
    /// Whose they are, by the records of attachments that are in memory.
    AttachedVfs attached();

    /// Whether all records of the node have been read: until then nobody knows whose a VF is.
    boolean isComplete();

    /// Has VFs of a PF lose their link or get it back.
    VfLinkSwitch.Outcome judge(PciAddress pf, VfLinkStates.Orders orders);

    /// Hands over the PFs of whose VFs anything is written down.
    ///
    /// @return false if they cannot be listed, so that there may be others
    boolean forEachWritten(Consumer<PciAddress> each);
  }

  /// @param file the settings, which need not exist
  /// @param pfs the PFs that bonds use, with their names
  /// @param senses by what it learns of their uplinks
  /// @param changed is told when what is known of an uplink has changed
  /// @param bonds which may have to leave a path
  /// @param vfs which may have to lose their link
  /// @param counters count what leaves
  public UplinkWatch(
      SettingsSource file,
      Supplier<Map<PciAddress, String>> pfs,
      Senses senses,
      Runnable changed,
      Bonds bonds,
      Vfs vfs,
      NodeCounters counters,
      AgentLog log) {
    this(
        file,
        pfs,
        senses,
        changed,
        bonds,
        vfs,
        counters,
        log,
        () -> Duration.ofNanos(System.nanoTime()));
  }

  UplinkWatch(
      SettingsSource file,
      Supplier<Map<PciAddress, String>> pfs,
      Senses senses,
      Runnable changed,
      Bonds bonds,
      Vfs vfs,
      NodeCounters counters,
      AgentLog log,
      Supplier<Duration> clock) {
    this.file = file;
    this.pfs = pfs;
    this.ports = senses.ports();
    this.prober = new Prober(senses.probes());
    this.lldp = senses.lldp();
    this.changed = changed;
    this.log = log;
    this.problems = new RareWarning(log);
    this.clock = clock;
    this.demoter = new Demoter(bonds, counters, log, clock);
    this.links = new VfLinks(vfs, log, clock);
  }

  /// Takes back what an earlier agent has left demoted or without a link. Nothing is demoted before
  /// that was tried: each agent judges anew.
  ///
  /// @return whether nothing of it is left
  public boolean begin() {
    boolean isNobodyDemoted = demoter.begin();
    return links.begin() && isNobodyDemoted;
  }

  /// Looks whether the settings have changed, and begins or ends to watch accordingly.
  public void follow() {
    readSettings();
    synchronized (this) {
      if (watching && thread.isEmpty() && closed.getCount() > 0) {
        thread = Optional.of(Thread.ofPlatform().daemon().name("uplinks").start(this::watch));
      }
    }
  }

  /// Reads the settings if they have changed.
  synchronized void readSettings() {
    switch (file.look()) {
      case UplinkFile.Change.Same() -> {}
      case UplinkFile.Change.Gone() -> {
        log.info("watches no uplinks any more: " + file + " is gone");
        settings = Optional.empty();
      }
      case UplinkFile.Change.Read(UplinkSettings read) -> {
        settings = Optional.of(read);
        log.info("uplinks: " + read.action() + ", by " + file);
      }
      case UplinkFile.Change.Broken(String why) -> {
        log.warn(
            why
                + (settings.isPresent()
                    ? "; what was set before stays"
                    : "; uplinks are observed as by an empty object"));
        settings = settings.or(() -> Optional.of(UplinkSettings.DEFAULT));
      }
      case UplinkFile.Change.Unseen(String why) ->
          log.warn(
              why
                  + (settings.isPresent()
                      ? "; what was set before stays"
                      : "; no uplink is watched"));
    }
    watching = settings.filter(set -> set.action() != UplinkAction.OFF).isPresent();
    if (!watching) {
      forget();
    }
  }

  private void forget() {
    boolean others = !neighbours.told().equals(Neighbours.NONE.told());
    NodeUplinks before = known;
    known = NodeUplinks.NONE;
    neighbours = Neighbours.NONE;
    if (!before.saysAs(known) || others) {
      changed.run();
    }
  }

  private void watch() {
    while (goesOn()) {
      try {
        if (watching) {
          restored = false;
          look();
        } else {
          stopListening();
          boolean isNobodyDemoted = demoter.restoreAll();
          restored = links.restoreAll() && isNobodyDemoted;
        }
      } catch (RuntimeException e) {
        // Pods need the agent more than anybody needs this, and the next look may succeed.
        problems.warn("a look at the uplinks failed because of a defect: " + e);
      }
      pause();
      readSettings();
    }
    // Otherwise the next thread may be at work already.
    if (closed.getCount() == 0) {
      stopListening();
    }
  }

  private void stopListening() {
    prober.stop();
    lldp.stop();
  }

  synchronized boolean hasThread() {
    return thread.isPresent();
  }

  private void pause() {
    try {
      // After the look, and not from its beginning: where hosts are asked once a second, a round is
      // over at the next look only if that comes a second later, and would otherwise take two.
      boolean _ = closed.await(UplinkSettings.INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      closed.countDown();
    }
  }

  /// Under the same lock as the start of the next one.
  private synchronized boolean goesOn() {
    if ((!watching && restored) || closed.getCount() == 0) {
      thread = Optional.empty();
      return false;
    }
    return true;
  }

  /// Looks once at all uplinks.
  void look() {
    UplinkSettings now;
    synchronized (this) {
      if (settings.isEmpty()) {
        return;
      }
      now = settings.get();
    }
    Map<PciAddress, String> names = pfs.get();
    Map<PciAddress, Map<SignalKey, Reading>> readings = new TreeMap<>();
    Set<PciAddress> unplugged = new TreeSet<>();
    ports
        .of(names.keySet())
        .forEach((pf, port) -> {
          readings.put(pf, signals(port, now));
          if (port.carrier().isBad()) {
            unplugged.add(pf);
          }
        });
    Duration at = clock.get();
    Set<ProbePath> waiting = probe(names.keySet(), readings, now, at);
    NodeUplinks before = known;
    NodeUplinks next = before.next(readings, waiting, unplugged, at, now);
    synchronized (this) {
      if (watching) {
        known = next;
      }
    }
    tell(before, next, names);
    if (!before.saysAs(next)) {
      changed.run();
    }
    demoter.act(next, now);
    links.act(next, now);
    // Last of all, since no path depends on it.
    listen(names.keySet(), unplugged, now, at);
  }

  private void listen(
      Set<PciAddress> listened, Set<PciAddress> unplugged, UplinkSettings settings, Duration now) {
    Neighbours heard = hear(listened, unplugged, settings, now);
    boolean others = !heard.told().equals(neighbours.told());
    synchronized (this) {
      if (watching) {
        neighbours = heard;
      }
    }
    if (others) {
      changed.run();
    }
  }

  private Neighbours hear(
      Set<PciAddress> listened, Set<PciAddress> unplugged, UplinkSettings settings, Duration now) {
    if (!settings.lldp()) {
      lldp.stop();
      return Neighbours.NONE;
    }
    return neighbours.next(listened, unplugged, lldp.hear(listened), now);
  }

  /// Adds what probes say now.
  ///
  /// @return the ways of which there is nothing new
  private Set<ProbePath> probe(
      Set<PciAddress> asked,
      Map<PciAddress, Map<SignalKey, Reading>> readings,
      UplinkSettings settings,
      Duration now) {
    if (!settings.signals().contains(Signal.PROBE)) {
      prober.stop();
      return Set.of();
    }
    Prober.Seen seen = prober.look(asked, settings, now);
    seen.readings()
        .forEach((path, reading) ->
            readings.computeIfAbsent(path.pf(), _ -> new TreeMap<>()).put(path.key(), reading));
    return seen.waiting();
  }

  private static Map<SignalKey, Reading> signals(PfPort port, UplinkSettings settings) {
    Map<Signal, Reading> all = new EnumMap<>(Signal.class);
    all.put(Signal.CARRIER, port.carrier());
    all.put(Signal.LACP, port.lacp());
    all.keySet().retainAll(settings.signals());
    Map<SignalKey, Reading> signals = new TreeMap<>();
    all.forEach((signal, reading) -> signals.put(SignalKey.of(signal), reading));
    return signals;
  }

  /// Of an uplink that was not looked at before, only that it is bad is worth a line.
  private static Optional<String> change(Optional<PfUplink> before, PfUplink now) {
    return before.isPresent()
        ? now.changeSince(before.get())
        : Optional.of(now.verdict()).filter(Reading::isBad).map(Reading::toString);
  }

  /// Writes what has changed to the log.
  private void tell(NodeUplinks before, NodeUplinks next, Map<PciAddress, String> names) {
    List<String> lines = new ArrayList<>();
    next.pfs()
        .forEach((pf, uplink) ->
            change(Optional.ofNullable(before.pfs().get(pf)), uplink)
                .ifPresent(change ->
                    lines.add(
                        "uplink of PF "
                            + names.getOrDefault(pf, "")
                            + " ("
                            + pf
                            + "): "
                            + change)));
    if (before.storm().isPresent() != next.storm().isPresent()) {
      lines.add(
          "uplinks: "
              + next.storm()
                  .map(why -> "a storm, in which none of them counts: " + why)
                  .orElse("the storm is over"));
    }
    lines.forEach(log::info);
  }

  /// The verdict on the uplink of a PF; empty if it is not watched.
  public Optional<Reading> verdict(PciAddress pf) {
    return Optional.ofNullable(known.pfs().get(pf)).map(PfUplink::verdict);
  }

  /// Who is at the other ends of the cables of the PFs that are watched, as far as LLDP says.
  public Neighbours neighbours() {
    return neighbours;
  }

  /// Whether there is a storm; empty if nothing is watched.
  public Optional<Boolean> isStorm() {
    return watching ? Optional.of(known.storm().isPresent()) : Optional.empty();
  }

  /// Why nothing would be done about any uplink now; empty if there is no storm.
  public Optional<String> storm() {
    return known.storm();
  }

  /// Why the VFs of a PF with a bad uplink keep their link, in the kernel's words; empty if they do
  /// not, or need not lose it.
  public Optional<String> refusal(PciAddress pf) {
    return links.refusal(pf);
  }

  /// Ends the thread. From now on nothing is demoted, and nothing done but [#restore].
  @Override
  public void close() {
    demoter.end();
    links.end();
    closed.countDown();
    Optional<Thread> last;
    synchronized (this) {
      last = thread;
    }
    try {
      if (last.isPresent() && !last.get().join(PATIENCE)) {
        log.warn("a look at the uplinks takes long, and is not waited for");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes everything back, since the agent ends. What cannot be taken back in time stays written
  /// down for the next one. Call this after [#close].
  ///
  /// @return whether nobody is demoted or without a link any more
  public boolean restore() {
    // First, since bonds are what this agent has to answer for.
    boolean isNobodyDemoted = within(LAST_ACT, demoter::restoreAtTheEnd);
    return within(LAST_LINKS, links::restoreAtTheEnd) && isNobodyDemoted;
  }

  /// Something that is to be ended within a limit.
  private interface LastAct {
    boolean run(Duration limit);
  }

  /// On a thread of its own: whoever the kernel keeps busy, or a look that hangs, keeps nobody else
  /// from being taken back.
  private boolean within(Duration limit, LastAct act) {
    AtomicBoolean isDone = new AtomicBoolean();
    Thread last =
        Thread.ofPlatform()
            .daemon()
            .name("uplinks-end")
            .start(() -> {
              try {
                isDone.set(act.run(limit));
              } catch (RuntimeException e) {
                problems.warn("not all that uplinks have changed is taken back: a defect: " + e);
              }
            });
    try {
      boolean _ = last.join(limit.plus(LAST_CHANGE));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return isDone.get();
  }
}
