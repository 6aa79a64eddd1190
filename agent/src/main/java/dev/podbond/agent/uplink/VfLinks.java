package dev.podbond.agent.uplink;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.agent.watch.WatchedBond;
import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.uplink.NodeUplinks;
import dev.podbond.bonding.uplink.UplinkAction;
import dev.podbond.bonding.uplink.UplinkSettings;
import dev.podbond.plugins.linkstate.VfLinkSwitch.Outcome;
import dev.podbond.value.PciAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Has VFs lose their link while the uplink of their PF is bad, and has them get it back.
///
/// Members of this agent's bonds keep theirs: their bonds leave the PF by themselves, without
/// losing the way back for the moment in which the other path goes. Of other VFs nobody here knows
/// who else a pod can send through. So none loses its link while all PFs of the node are bad.
/// Thread-safe.
final class VfLinks {
  /// So long the VFs of a PF that were left as they are need not be looked at again: somebody may
  /// have made others meanwhile.
  private static final Duration CALM = Duration.ofSeconds(10);

  /// So long nobody tries again what has failed once, and what failed again and again.
  private static final Duration REST = Duration.ofSeconds(10);

  private static final Duration LONGEST_REST = Duration.ofMinutes(5);

  /// What has failed was never done since, however long ago that is.
  private static final Duration ALWAYS = Duration.ofDays(100_000);

  private static final int MOST_TOLD = 8;

  private final UplinkWatch.Vfs vfs;
  private final AgentLog log;
  private final Supplier<Duration> clock;
  private final Rests<PciAddress> resting;
  private final Restoring<PciAddress> restoring;
  private final Map<PciAddress, Settled> settled = new HashMap<>();
  private final Map<PciAddress, String> refused = new ConcurrentHashMap<>();

  private record Settled(Orders orders, Duration until) {}

  /// @param clock one that never goes back
  VfLinks(UplinkWatch.Vfs vfs, AgentLog log, Supplier<Duration> clock) {
    this.vfs = vfs;
    this.log = log;
    this.clock = clock;
    this.resting = new Rests<>(clock, REST, LONGEST_REST, ALWAYS);
    this.restoring = new Restoring<>(vfs::forEachWritten, this::restore, resting, clock);
  }

  /// Takes back what an earlier agent has left. Until that was tried once no VF loses its link.
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
    if (settings.action() != UplinkAction.VF_LINK_STATE) {
      boolean _ = restoreAll();
      return;
    }
    Set<PciAddress> bad =
        uplinks.pfs().entrySet().stream()
            .filter(pf -> pf.getValue().verdict().isBad())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    boolean isOtherPath = bad.size() < uplinks.pfs().size();
    Set<PciAddress> concerned = new TreeSet<>(bad);
    boolean _ = vfs.forEachWritten(concerned::add);
    settled.keySet().retainAll(concerned);
    resting.keepOnly(concerned);
    refused.keySet().retainAll(bad);
    if (concerned.isEmpty()) {
      return;
    }
    boolean mayDisable = uplinks.storm().isEmpty() && vfs.isComplete();
    Set<PciAddress> members = members();
    for (PciAddress pf : concerned) {
      if (restoring.isEnding()) {
        return;
      }
      Orders orders = new Orders(bad.contains(pf) && isOtherPath, members, mayDisable);
      if (!resting.isAmong(pf) && !isSettled(pf, orders) && !refused.containsKey(pf)) {
        Outcome outcome = judged(pf, orders);
        if (outcome instanceof Outcome.Unchanged) {
          settled.put(pf, new Settled(orders, clock.get().plus(CALM)));
        }
        tell(pf, outcome);
      }
    }
  }

  private Set<PciAddress> members() {
    Set<PciAddress> members = new HashSet<>();
    for (WatchedBond bond : vfs.watched()) {
      for (ConfiguredMember member : bond.members()) {
        member.pci().ifPresent(members::add);
      }
    }
    return members;
  }

  /// A defect concerns one PF, and not those after it.
  private Outcome judged(PciAddress pf, Orders orders) {
    try {
      return vfs.judge(pf, orders);
    } catch (RuntimeException e) {
      return new Outcome.Unfinished(List.of("a defect: " + e));
    }
  }

  private boolean isSettled(PciAddress pf, Orders orders) {
    Settled last = settled.get(pf);
    return last != null && last.orders().equals(orders) && clock.get().compareTo(last.until()) < 0;
  }

  /// All VFs get their link back.
  ///
  /// @return whether none is without one because of this any more
  synchronized boolean restoreAll() {
    refused.clear();
    settled.clear();
    return restoring.all();
  }

  /// As [#restoreAll()] before the agent ends: each PF is tried once, and none after the limit.
  synchronized boolean restoreAtTheEnd(Duration limit) {
    return restoring.atTheEnd(limit);
  }

  /// Why the VFs of a PF with a bad uplink keep their link, in the kernel's words; empty if it has
  /// not refused.
  Optional<String> refusal(PciAddress pf) {
    return Optional.ofNullable(refused.get(pf));
  }

  private void restore(PciAddress pf) {
    tell(pf, judged(pf, Orders.RESTORE));
  }

  private void tell(PciAddress pf, Outcome outcome) {
    switch (outcome) {
      case Outcome.Unchanged(), Outcome.Busy() -> {}
      case Outcome.Done(int _, List<String> changes) -> {
        resting.end(pf);
        restoring.changed(pf);
        log.info("link states of the VFs of PF " + pf + ": " + told(changes));
      }
      case Outcome.Refused(String reason) -> {
        resting.end(pf);
        refused.put(pf, reason);
        log.warn(
            "VFs of PF "
                + pf
                + " keep their link though its uplink is bad: its driver refuses link states: "
                + reason
                + "; bonds leave it all the same");
      }
      case Outcome.Unfinished(List<String> left) -> {
        resting.again(pf);
        log.warn(
            "link states of the VFs of PF "
                + pf
                + " could not be changed as its uplink asks for: "
                + told(left));
      }
    }
  }

  /// A PF may have hundreds of VFs.
  private static String told(List<String> changes) {
    return String.join(", ", changes.stream().limit(MOST_TOLD).toList())
        + (changes.size() > MOST_TOLD ? ", and " + (changes.size() - MOST_TOLD) + " more" : "");
  }
}
