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
import java.util.stream.Collectors;

/// Has the bonds of a node leave the paths whose uplinks are bad, and has them come back. It looks
/// into a bond only when something that matters has changed since it last found nothing to do.
/// Thread-safe.
final class Demoter {
  /// So long a bond that was left as it is need not be looked into again.
  private static final Duration CALM = Duration.ofMinutes(1);

  /// So long nobody tries again what has failed.
  private static final Duration REST = Duration.ofSeconds(10);

  /// The most bonds that are remembered because they could not be restored at the start. The others
  /// are as any that is demoted: judged as long as there are settings, restored at the end.
  private static final int MOST_UNRESTORED = 1000;

  private final UplinkWatch.Bonds bonds;
  private final NodeCounters counters;
  private final AgentLog log;
  private final Map<AttachmentKey, Settled> settled = new HashMap<>();
  private final Map<AttachmentKey, Duration> resting = new HashMap<>();
  private final Set<AttachmentKey> unrestored = new HashSet<>();
  private boolean begun;

  /// What the judgement on a bond rested on when nothing was to be done.
  private record Basis(
      BondState state, Set<PciAddress> bad, UplinkAction action, boolean mayDemote) {}

  private record Settled(Basis basis, Duration until) {}

  Demoter(UplinkWatch.Bonds bonds, NodeCounters counters, AgentLog log) {
    this.bonds = bonds;
    this.counters = counters;
    this.log = log;
  }

  /// Takes back what an earlier agent has left. Until that was tried once nothing is demoted.
  ///
  /// @return whether nothing of it is left
  synchronized boolean begin(Duration now) {
    if (!begun) {
      bonds.forEachDemoted(key -> {
        if (!isRestored(key, now) && unrestored.size() < MOST_UNRESTORED) {
          unrestored.add(key);
        }
      });
      begun = true;
    } else {
      unrestored.removeIf(key -> isRestored(key, now));
    }
    return unrestored.isEmpty();
  }

  /// Does what follows from the verdicts.
  ///
  /// @param now by a clock that never goes back
  synchronized void act(NodeUplinks uplinks, UplinkSettings settings, Duration now) {
    if (!begun) {
      return;
    }
    if (!settings.action().demotes()) {
      boolean _ = restoreAll(now);
      return;
    }
    Map<PciAddress, Reading> verdicts = new TreeMap<>();
    uplinks.pfs().forEach((pf, uplink) -> verdicts.put(pf, uplink.verdict()));
    List<WatchedBond> watched = bonds.watched();
    Set<AttachmentKey> keys = watched.stream().map(WatchedBond::key).collect(Collectors.toSet());
    settled.keySet().retainAll(keys);
    resting.keySet().retainAll(keys);
    int left = settings.storm().bondsAtOnce();
    for (WatchedBond bond : watched) {
      Basis basis =
          new Basis(
              bond.state(),
              bad(bond, verdicts),
              settings.action(),
              uplinks.storm().isEmpty() && left > 0);
      boolean concerned = !basis.bad().isEmpty() || !bond.state().heldBack().isEmpty();
      if (concerned && !isResting(bond.key(), now) && !isSettled(bond.key(), basis, now)) {
        Outcome outcome =
            bonds.judge(
                bond.key(),
                new Demoting.Orders(verdicts, settings.action(), basis.mayDemote(), Instant.now()));
        if (outcome instanceof Outcome.Unchanged) {
          settled.put(bond.key(), new Settled(basis, now.plus(CALM)));
        }
        left -= outcome instanceof Outcome.Demoted ? 1 : 0;
        tell(bond.key(), bond.toString(), outcome, now);
      }
    }
  }

  private static Set<PciAddress> bad(WatchedBond bond, Map<PciAddress, Reading> verdicts) {
    return bond.members().stream()
        .flatMap(member -> member.pf().flatMap(Pf::pci).stream())
        .filter(pf -> Optional.ofNullable(verdicts.get(pf)).filter(Reading::isBad).isPresent())
        .collect(Collectors.toSet());
  }

  private boolean isSettled(AttachmentKey key, Basis basis, Duration now) {
    Settled last = settled.get(key);
    return last != null && last.basis().equals(basis) && now.compareTo(last.until()) < 0;
  }

  private boolean isResting(AttachmentKey key, Duration now) {
    Duration until = resting.get(key);
    return until != null && now.compareTo(until) < 0;
  }

  /// Everybody comes back.
  ///
  /// @return whether nobody is demoted any more
  synchronized boolean restoreAll(Duration now) {
    AtomicBoolean all = new AtomicBoolean(true);
    bonds.forEachDemoted(key -> {
      if (isResting(key, now) || !isRestored(key, now)) {
        all.set(false);
      }
    });
    return all.get();
  }

  /// As [#restoreAll(Duration)] before the agent ends: once, and no longer than the limit.
  synchronized boolean restoreAtTheEnd(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    AtomicBoolean all = new AtomicBoolean(true);
    bonds.forEachDemoted(key -> {
      if (System.nanoTime() - end > 0 || !isRestored(key, Duration.ZERO)) {
        all.set(false);
      }
    });
    return all.get();
  }

  private boolean isRestored(AttachmentKey key, Duration now) {
    Outcome outcome = bonds.judge(key, Demoting.Orders.RESTORE);
    tell(key, "the bond of " + key, outcome, now);
    return switch (outcome) {
      case Outcome.Unchanged(), Outcome.Restored(List<String> _), Outcome.Forgotten() -> true;
      case Outcome.Busy(),
          Outcome.Demoted(int _, List<String> _),
          Outcome.Unfinished(List<String> _) ->
          false;
    };
  }

  private void tell(AttachmentKey key, String bond, Outcome outcome, Duration now) {
    switch (outcome) {
      case Outcome.Unchanged(), Outcome.Busy(), Outcome.Forgotten() -> {}
      case Outcome.Demoted(int members, List<String> changes) -> {
        counters.demoted(members);
        log.info(bond + " leaves a bad path: " + told(changes));
        bonds.changed(key);
      }
      case Outcome.Restored(List<String> changes) -> {
        log.info(bond + " is as it was before it left a path: " + told(changes));
        bonds.changed(key);
      }
      case Outcome.Unfinished(List<String> left) -> {
        resting.put(key, now.plus(REST));
        log.warn(bond + " could not be changed as its uplinks ask for: " + String.join("; ", left));
        bonds.changed(key);
      }
    }
  }

  private static String told(List<String> changes) {
    return changes.isEmpty() ? "nothing had to be changed" : String.join(", ", changes);
  }
}
