package dev.podbond.agent.uplink;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.watch.WatchedBond;
import dev.podbond.bonding.state.BondState;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.bonding.uplink.NodeUplinks;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.bonding.uplink.UplinkAction;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.metrics.NodeCounters;
import dev.podbond.plugins.demotion.Demoting;
import dev.podbond.plugins.demotion.Demoting.Outcome;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Has the bonds of a node leave the paths whose uplinks are bad, and has them come back. It looks
/// into a bond only when something that matters has changed since it last found nothing to do.
/// Thread-safe.
final class Demoter {
  /// So long a bond that was left as it is need not be looked into again.
  private static final Duration CALM = Duration.ofMinutes(1);

  /// So long nobody tries again what has failed once, and what failed again and again.
  private static final Duration REST = Duration.ofSeconds(10);

  private static final Duration LONGEST_REST = Duration.ofMinutes(5);

  /// So long no member leaves a bond that one has just left, and one that members leave again and
  /// again: each time is a write and a line in the log, and the pod can have it happen. Coming back
  /// waits for nothing.
  private static final Duration STAY = Duration.ofSeconds(1);

  private static final Duration LONGEST_STAY = Duration.ofMinutes(1);

  /// The most bonds that are remembered because they could not be restored at the start. The others
  /// are as any that is demoted: judged as long as there are settings, restored at the end.
  private static final int MOST_UNRESTORED = 1000;

  private final UplinkWatch.Bonds bonds;
  private final NodeCounters counters;
  private final AgentLog log;
  private final Supplier<Duration> clock;
  private final Map<AttachmentKey, Settled> settled = new HashMap<>();
  private final Map<AttachmentKey, Rest> resting = new HashMap<>();
  private final Map<AttachmentKey, Rest> staying = new HashMap<>();
  private final Set<AttachmentKey> unrestored = new HashSet<>();
  private boolean begun;
  private volatile boolean ending;

  /// What the judgement on a bond rested on when nothing was to be done.
  private record Basis(
      BondState state, Set<PciAddress> bad, UplinkAction action, boolean mayDemote) {}

  private record Settled(Basis basis, Duration until) {}

  /// Until when something is left alone, and for how long in all.
  private record Rest(Duration until, Duration length) {}

  /// @param clock one that never goes back
  Demoter(UplinkWatch.Bonds bonds, NodeCounters counters, AgentLog log, Supplier<Duration> clock) {
    this.bonds = bonds;
    this.counters = counters;
    this.log = log;
    this.clock = clock;
  }

  /// Takes back what an earlier agent has left. Until that was tried once nothing is demoted.
  ///
  /// @return whether nothing of it is left
  synchronized boolean begin() {
    boolean first = !begun;
    Set<AttachmentKey> left = new HashSet<>();
    boolean listed =
        bonds.forEachDemoted(key -> {
          if (!ending && (first || unrestored.contains(key))) {
            restore(key);
          }
        })
            && bonds.forEachDemoted(key -> {
              if ((first || unrestored.contains(key)) && left.size() < MOST_UNRESTORED) {
                left.add(key);
              }
            });
    if (!listed || ending) {
      return false;
    }
    begun = true;
    unrestored.clear();
    unrestored.addAll(left);
    return left.isEmpty();
  }

  /// From now on nothing is done any more but [#restoreAtTheEnd].
  void end() {
    ending = true;
  }

  /// Does what follows from the verdicts.
  synchronized void act(NodeUplinks uplinks, UplinkSettings settings) {
    if (!begun || ending) {
      return;
    }
    if (!settings.action().demotes()) {
      boolean _ = restoreAll();
      return;
    }
    Map<PciAddress, Reading> verdicts = new TreeMap<>();
    uplinks.pfs().forEach((pf, uplink) -> verdicts.put(pf, uplink.verdict()));
    List<WatchedBond> watched = bonds.watched();
    Set<AttachmentKey> keys = watched.stream().map(WatchedBond::key).collect(Collectors.toSet());
    settled.keySet().retainAll(keys);
    resting.keySet().retainAll(keys);
    staying.keySet().retainAll(keys);
    int left = settings.storm().bondsAtOnce();
    for (WatchedBond bond : watched) {
      if (ending) {
        return;
      }
      Basis basis =
          new Basis(
              bond.state(),
              bad(bond, verdicts),
              settings.action(),
              uplinks.storm().isEmpty() && left > 0 && !isAmong(staying, bond.key()));
      boolean concerned =
          !bond.state().heldBack().isEmpty() || (basis.mayDemote() && !basis.bad().isEmpty());
      if (concerned && !isAmong(resting, bond.key()) && !isSettled(bond.key(), basis)) {
        Outcome outcome =
            judged(
                bond.key(),
                new Demoting.Orders(verdicts, settings.action(), basis.mayDemote(), Instant.now()));
        if (outcome instanceof Outcome.Unchanged) {
          settled.put(bond.key(), new Settled(basis, clock.get().plus(CALM)));
        }
        left -= outcome instanceof Outcome.Demoted demoted && demoted.members() > 0 ? 1 : 0;
        tell(bond.key(), bond.toString(), outcome);
      }
    }
  }

  /// A defect concerns one bond, and not those after it.
  private Outcome judged(AttachmentKey key, Demoting.Orders orders) {
    try {
      return bonds.judge(key, orders);
    } catch (RuntimeException e) {
      return new Outcome.Unfinished(List.of("a defect: " + e));
    }
  }

  private static Set<PciAddress> bad(WatchedBond bond, Map<PciAddress, Reading> verdicts) {
    return bond.members().stream()
        .flatMap(member -> member.pf().flatMap(Pf::pci).stream())
        .filter(pf -> Optional.ofNullable(verdicts.get(pf)).filter(Reading::isBad).isPresent())
        .collect(Collectors.toSet());
  }

  private boolean isSettled(AttachmentKey key, Basis basis) {
    Settled last = settled.get(key);
    return last != null && last.basis().equals(basis) && clock.get().compareTo(last.until()) < 0;
  }

  private boolean isAmong(Map<AttachmentKey, Rest> rests, AttachmentKey key) {
    Rest rest = rests.get(key);
    return rest != null && clock.get().compareTo(rest.until()) < 0;
  }

  /// Everybody comes back.
  ///
  /// @return whether nobody is demoted any more
  synchronized boolean restoreAll() {
    Set<AttachmentKey> stillResting = new HashSet<>();
    boolean listed =
        bonds.forEachDemoted(key -> {
          if (!ending && !isAmong(resting, key)) {
            restore(key);
          }
          if (resting.containsKey(key)) {
            stillResting.add(key);
          }
        });
    if (listed) {
      resting.keySet().retainAll(stillResting);
    }
    return !ending && isNobodyDemoted();
  }

  /// As [#restoreAll()] before the agent ends: each is tried once, and none after the limit.
  synchronized boolean restoreAtTheEnd(Duration limit) {
    Duration end = clock.get().plus(limit);
    boolean _ =
        bonds.forEachDemoted(key -> {
          if (clock.get().compareTo(end) <= 0) {
            restore(key);
          }
        });
    return isNobodyDemoted();
  }

  /// Not by what became of each: a member that waits for its interface stays written down.
  private boolean isNobodyDemoted() {
    AtomicBoolean nobody = new AtomicBoolean(true);
    return bonds.forEachDemoted(_ -> nobody.set(false)) && nobody.get();
  }

  private void restore(AttachmentKey key) {
    tell(key, "the bond of " + key, judged(key, Demoting.Orders.RESTORE));
  }

  private void tell(AttachmentKey key, String bond, Outcome outcome) {
    switch (outcome) {
      case Outcome.Unchanged(), Outcome.Busy() -> {}
      case Outcome.Forgotten() -> resting.remove(key);
      case Outcome.Demoted(int members, List<String> changes) -> {
        resting.remove(key);
        unrestored.remove(key);
        stay(key);
        counters.demoted(members);
        log.info(bond + " leaves a bad path: " + told(changes));
        bonds.changed(key);
      }
      case Outcome.Restored(List<String> changes) -> {
        resting.remove(key);
        log.info(bond + " is as it was before it left a path: " + told(changes));
        bonds.changed(key);
      }
      case Outcome.Unfinished(List<String> left) -> {
        Rest last = resting.get(key);
        rest(resting, key, last == null ? REST : twice(last, LONGEST_REST));
        log.warn(bond + " could not be changed as its uplinks ask for: " + String.join("; ", left));
        bonds.changed(key);
      }
    }
  }

  /// Twice as long as before if less than a minute has passed since that ended.
  private void stay(AttachmentKey key) {
    Rest last = staying.get(key);
    rest(
        staying,
        key,
        last != null && clock.get().compareTo(last.until().plus(CALM)) < 0
            ? twice(last, LONGEST_STAY)
            : STAY);
  }

  private static Duration twice(Rest last, Duration most) {
    Duration twice = last.length().multipliedBy(2);
    return twice.compareTo(most) < 0 ? twice : most;
  }

  /// From now on, and not from when the look began, which may be long ago.
  private void rest(Map<AttachmentKey, Rest> rests, AttachmentKey key, Duration length) {
    rests.put(key, new Rest(clock.get().plus(length), length));
  }

  private static String told(List<String> changes) {
    return changes.isEmpty() ? "nothing had to be changed" : String.join(", ", changes);
  }
}
