package dev.podbond.agent.uplink;

import dev.podbond.agent.watch.WatchedBond;
import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.state.BondProblem.HeldBack;
import dev.podbond.bonding.state.BondState;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.bonding.state.ConfiguredMember.Pf;
import dev.podbond.bonding.state.LinkMonitoring;
import dev.podbond.bonding.state.MemberState;
import dev.podbond.plugins.demotion.Demoting.Orders;
import dev.podbond.plugins.demotion.Demoting.Outcome;
import dev.podbond.value.AttachmentKey;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Bonds of two members that do as they are told, and say what they were told.
final class SomeBonds implements UplinkWatch.Bonds {
  private final Map<AttachmentKey, WatchedBond> bonds = new LinkedHashMap<>();
  final Set<AttachmentKey> demoted = new LinkedHashSet<>();
  final List<String> judged = new ArrayList<>();
  final List<AttachmentKey> changed = new ArrayList<>();

  /// How many of the next judgements fail.
  final AtomicInteger refusals = new AtomicInteger();

  /// How many of the next listings fail.
  final AtomicInteger unlisted = new AtomicInteger();

  /// Of whom something stays written down, whatever is done.
  final Set<AttachmentKey> waiting = new LinkedHashSet<>();

  /// Of whom only the active member is changed.
  final Set<AttachmentKey> steered = new LinkedHashSet<>();

  /// Whose judgement is a defect.
  final Set<AttachmentKey> broken = new LinkedHashSet<>();

  /// Happens when somebody is judged.
  Runnable meanwhile = () -> {};

  static AttachmentKey key(String container) {
    return new AttachmentKey(container, "net9");
  }

  private static ConfiguredMember member(String name, PciAddress pf) {
    return new ConfiguredMember(
        name,
        Optional.empty(),
        Optional.of(new Pf("pf" + pf.bus(), Optional.of(pf))),
        Optional.empty());
  }

  void add(String container, PciAddress first, PciAddress second) {
    bonds.put(
        key(container),
        new WatchedBond(
            key(container),
            "demo/" + container,
            state("net0"),
            List.of(member("net0", first), member("net1", second))));
  }

  /// Another member is active, say.
  void change(String container, String active) {
    WatchedBond bond = bonds.get(key(container));
    bonds.put(
        key(container), new WatchedBond(bond.key(), bond.pod(), state(active), bond.members()));
  }

  private static BondState state(String active) {
    return new BondState(
        "bond0",
        BondMode.ACTIVE_BACKUP,
        LinkMonitoring.MIIMON,
        Optional.of(active),
        true,
        List.of(
            new MemberState("net0", true, true, active.equals("net0"), 0),
            new MemberState("net1", true, true, active.equals("net1"), 0)),
        Optional.empty(),
        List.of());
  }

  @Override
  public List<WatchedBond> watched() {
    return bonds.values().stream().map(this::seen).toList();
  }

  private WatchedBond seen(WatchedBond bond) {
    return demoted.contains(bond.key())
        ? new WatchedBond(
            bond.key(),
            bond.pod(),
            bond.state()
                .holding(
                    List.of(
                        new HeldBack(
                            "net0",
                            bond.members().getFirst().pf().orElseThrow(),
                            "why",
                            HeldBack.Where.INSIDE))),
            bond.members())
        : bond;
  }

  @Override
  public Outcome judge(AttachmentKey key, Orders orders) {
    meanwhile.run();
    if (broken.contains(key)) {
      throw new IllegalStateException("seeded");
    }
    if (waiting.contains(key)) {
      judged.add(key.containerId() + " waits");
      return new Outcome.Unchanged();
    }
    if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      judged.add(key.containerId() + " refused");
      return new Outcome.Unfinished(List.of("no"));
    }
    if (steered.contains(key)) {
      judged.add(key.containerId() + " steered");
      return new Outcome.Demoted(0, List.of("active"));
    }
    Set<PciAddress> bad =
        orders.verdicts().entrySet().stream()
            .filter(verdict -> verdict.getValue().isBad())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    if (demoted.contains(key) && (!orders.action().demotes() || bad.isEmpty())) {
      demoted.remove(key);
      judged.add(key.containerId() + " restored");
      return new Outcome.Restored(List.of("back"));
    }
    if (!demoted.contains(key) && orders.mayDemote() && !bad.isEmpty()) {
      demoted.add(key);
      judged.add(key.containerId() + " demote of " + bad);
      return new Outcome.Demoted(1, List.of("away"));
    }
    judged.add(key.containerId() + " unchanged");
    return new Outcome.Unchanged();
  }

  @Override
  public boolean forEachDemoted(Consumer<AttachmentKey> each) {
    if (unlisted.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return false;
    }
    List.copyOf(demoted).forEach(each);
    return true;
  }

  @Override
  public void changed(AttachmentKey key) {
    changed.add(key);
  }
}
