package dev.podbond.agent.uplink;

import dev.podbond.agent.serve.AgentLog;
import dev.podbond.bonding.linkstate.AttachedVfs;
import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
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
/// Members of bonds keep theirs: their bonds leave the PF by themselves, without losing the way
/// back for the moment in which the other path goes. Of other VFs nobody here knows who else a pod
/// can send through. So none loses its link while all PFs of the node are bad. Thread-safe.
final class VfLinks {
  /// So long the VFs of a PF that were left as they are need not be looked at again: somebody may
  /// have set another link state meanwhile.
  private static final Duration CALM = Duration.ofSeconds(10);

  /// So long no VF of a PF is asked again to lose its link after that has failed. Nobody who is to
  /// get its link back waits for that.
  private static final Duration REST = Duration.ofSeconds(10);

  private static final Duration LONGEST_REST = Duration.ofMinutes(5);

  /// So long the same is not tried again after a VF did not get its link back.
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final Duration LATER = Duration.ofSeconds(30);

  /// What has failed was never done since, however long ago that is.
  private static final Duration ALWAYS = Duration.ofDays(100_000);

  private static final int MOST_TOLD = 8;

  private final UplinkWatch.Vfs vfs;
  private final AgentLog log;
  private final Supplier<Duration> clock;
  private final Rests<PciAddress> disabling;
  private final Rests<PciAddress> returning;
  private final Restoring<PciAddress> restoring;
  private final Map<PciAddress, Settled> settled = new HashMap<>();
  private final Map<PciAddress, Set<PciAddress>> leftAlone = new HashMap<>();

  /// What the log says already.
  private final Map<PciAddress, Set<String>> told = new HashMap<>();

  private final Map<PciAddress, String> refused = new ConcurrentHashMap<>();

  private record Settled(Orders orders, Duration until) {}

  /// @param clock one that never goes back
  VfLinks(UplinkWatch.Vfs vfs, AgentLog log, Supplier<Duration> clock) {
    this.vfs = vfs;
    this.log = log;
    this.clock = clock;
    this.disabling = new Rests<>(clock, REST, LONGEST_REST, ALWAYS);
    this.returning = new Rests<>(clock, SOON, LATER, ALWAYS);
    this.restoring = new Restoring<>(vfs::forEachWritten, this::restore, returning, clock);
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
    returning.keepOnly(concerned);
    disabling.keepOnly(bad);
    refused.keySet().retainAll(bad);
    leftAlone.keySet().retainAll(bad);
    told.keySet().retainAll(concerned);
    if (concerned.isEmpty()) {
      return;
    }
    boolean mayDisable = isOtherPath && uplinks.storm().isEmpty() && vfs.isComplete();
    AttachedVfs attached = vfs.attached();
    for (PciAddress pf : concerned) {
      if (restoring.isEnding()) {
        return;
      }
      boolean isAsked = mayDisable && !refused.containsKey(pf) && !disabling.isAmong(pf);
      Orders orders =
          new Orders(
              bad.contains(pf) && isOtherPath,
              bad.contains(pf) && isAsked,
              attached,
              leftAlone.getOrDefault(pf, Set.of()));
      if (!isSettled(pf, orders)) {
        follow(pf, orders);
      }
    }
  }

  private void follow(PciAddress pf, Orders orders) {
    Outcome outcome = judged(pf, orders);
    tell(pf, outcome);
    if (!outcome.notRestored().isEmpty()) {
      // The same is not tried again at once, but anything else is.
      settled.put(pf, new Settled(orders, returning.until(pf)));
    } else if (outcome.equals(Outcome.UNCHANGED)) {
      settled.put(pf, new Settled(orders, clock.get().plus(CALM)));
    }
  }

  /// A defect concerns one PF, and not those after it.
  private Outcome judged(PciAddress pf, Orders orders) {
    try {
      return vfs.judge(pf, orders);
    } catch (RuntimeException e) {
      return Outcome.failed("a defect: " + e);
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
    leftAlone.clear();
    boolean isRestored = restoring.all();
    if (isRestored) {
      told.clear();
    }
    return isRestored;
  }

  /// As [#restoreAll()] before the agent ends: each PF is tried once, and none after the limit.
  synchronized boolean restoreAtTheEnd(Duration limit) {
    return restoring.atTheEnd(limit);
  }

  /// Why the VFs of a PF with a bad uplink keep their link; empty if nobody has refused.
  Optional<String> refusal(PciAddress pf) {
    return Optional.ofNullable(refused.get(pf));
  }

  private void restore(PciAddress pf) {
    tell(pf, judged(pf, Orders.RESTORE));
  }

  private void tell(PciAddress pf, Outcome outcome) {
    if (!outcome.disabled().isEmpty()) {
      restoring.changed(pf);
      log.info("VFs of PF " + pf + " lose their link: " + shown(outcome.disabled()));
    }
    if (!outcome.restored().isEmpty()) {
      log.info("VFs of PF " + pf + " have their link state again: " + shown(outcome.restored()));
    }
    leaveAlone(pf, outcome.theirs());
    outcome
        .refusal()
        .ifPresent(why -> {
          refused.put(pf, why);
          warn(
              pf,
              "VFs of PF "
                  + pf
                  + " keep their link though its uplink is bad: "
                  + why
                  + "; bonds leave it all the same");
        });
    if (outcome.notDisabled().isEmpty()) {
      if (!outcome.disabled().isEmpty()) {
        disabling.end(pf);
      }
    } else {
      disabling.again(pf);
      warn(
          pf,
          "VFs of PF "
              + pf
              + " keep their link for now though its uplink is bad: "
              + shown(outcome.notDisabled()));
    }
    if (outcome.notRestored().isEmpty()) {
      returning.end(pf);
    } else {
      returning.again(pf);
      warn(
          pf,
          "link states of VFs of PF "
              + pf
              + " are not what they should be yet: "
              + shown(outcome.notRestored()));
    }
  }

  /// The same is said once of a PF, until nothing is to be done about it any more.
  private void warn(PciAddress pf, String what) {
    Set<String> said = told.computeIfAbsent(pf, _ -> new HashSet<>());
    if (said.size() < MOST_TOLD && said.add(what)) {
      log.warn(what);
    }
  }

  private void leaveAlone(PciAddress pf, Set<PciAddress> theirs) {
    Set<PciAddress> all = new TreeSet<>(leftAlone.getOrDefault(pf, Set.of()));
    List<String> more =
        theirs.stream().filter(all::add).map(PciAddress::toString).sorted().toList();
    if (!more.isEmpty()) {
      leftAlone.put(pf, all);
      log.info(
          "VFs of PF "
              + pf
              + " are left alone until its uplink is good, since somebody has set their link state: "
              + shown(more));
    }
  }

  /// A PF may have hundreds of VFs.
  private static String shown(List<String> changes) {
    return String.join(", ", changes.stream().limit(MOST_TOLD).toList())
        + (changes.size() > MOST_TOLD ? ", and " + (changes.size() - MOST_TOLD) + " more" : "");
  }
}
