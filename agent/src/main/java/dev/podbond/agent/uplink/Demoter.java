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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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

  /// What has failed was never done since, however long ago that is.
  private static final Duration ALWAYS = Duration.ofDays(100_000);

  /// So long no member leaves a bond that one has just left, and one that members leave again and
  /// again: each time is a write and a line in the log, and the pod can have it happen. Coming back
  /// waits for nothing.
  private static final Duration STAY = Duration.ofSeconds(1);

  private static final Duration LONGEST_STAY = Duration.ofMinutes(1);

  private final UplinkWatch.Bonds bonds;
  private final NodeCounters counters;
  private final AgentLog log;
  private final Supplier<Duration> clock;
  private final Map<AttachmentKey, Settled> settled = new HashMap<>();
  private final Rests<AttachmentKey> resting;
  private final Rests<AttachmentKey> staying;
  private final Restoring<AttachmentKey> restoring;

  /// What the judgement on a bond rested on when nothing was to be done.
  private record Basis(
      BondState state, Set<PciAddress> bad, UplinkAction action, boolean mayDemote) {}

  private record Settled(Basis basis, Duration until) {}

  /// @param clock one that never goes back
  Demoter(UplinkWatch.Bonds bonds, NodeCounters counters, AgentLog log, Supplier<Duration> clock) {
    this.bonds = bonds;
    this.counters = counters;
    this.log = log;
    this.clock = clock;
    this.resting = new Rests<>(clock, REST, LONGEST_REST, ALWAYS);
    this.staying = new Rests<>(clock, STAY, LONGEST_STAY, CALM);
    this.restoring = new Restoring<>(bonds::forEachDemoted, this::restore, resting, clock);
  }

  /// Takes back what an earlier agent has left. Until that was tried once nothing is demoted.
  ///
  /// @return whether nothing of it is left
  synchronized boolean begin() {
    return restoring.begin();
  }

  /// From now on nothing is done any more but [#restoreAtTheEnd].
  void end() {
    restoring.end();
  }

  /// Does what follows from the verdicts.
  synchronized void act(NodeUplinks uplinks, UplinkSettings settings) {
    if (!restoring.isAtWork()) {
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
    resting.keepOnly(keys);
    staying.keepOnly(keys);
    int left = settings.storm().bondsAtOnce();
    for (WatchedBond bond : watched) {
      if (restoring.isEnding()) {
        return;
      }
      Basis basis =
          new Basis(
              bond.state(),
              bad(bond, verdicts),
              settings.action(),
              uplinks.storm().isEmpty() && left > 0 && !staying.isAmong(bond.key()));
      boolean concerned =
          !bond.state().heldBack().isEmpty() || (basis.mayDemote() && !basis.bad().isEmpty());
      if (concerned && !resting.isAmong(bond.key()) && !isSettled(bond.key(), basis)) {
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

  /// Everybody comes back.
  ///
  /// @return whether nobody is demoted any more
  synchronized boolean restoreAll() {
    return restoring.all();
  }

  /// As [#restoreAll()] before the agent ends: each is tried once, and none after the limit.
  synchronized boolean restoreAtTheEnd(Duration limit) {
    return restoring.atTheEnd(limit);
  }

  private void restore(AttachmentKey key) {
    tell(key, "the bond of " + key, judged(key, Demoting.Orders.RESTORE));
  }

  private void tell(AttachmentKey key, String bond, Outcome outcome) {
    switch (outcome) {
      case Outcome.Unchanged(), Outcome.Busy() -> {}
      case Outcome.Forgotten() -> resting.end(key);
      case Outcome.Demoted(int members, List<String> changes) -> {
        resting.end(key);
        restoring.changed(key);
        staying.again(key);
        counters.demoted(members);
        log.info(bond + " leaves a bad path: " + told(changes));
        bonds.changed(key);
      }
      case Outcome.Restored(List<String> changes) -> {
        resting.end(key);
        log.info(bond + " is as it was before it left a path: " + told(changes));
        bonds.changed(key);
      }
      case Outcome.Unfinished(List<String> left) -> {
        resting.again(key);
        log.warn(bond + " could not be changed as its uplinks ask for: " + String.join("; ", left));
        bonds.changed(key);
      }
    }
  }

  private static String told(List<String> changes) {
    return changes.isEmpty() ? "nothing had to be changed" : String.join(", ", changes);
  }
}
