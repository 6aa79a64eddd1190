package dev.podbond.agent.uplink;

import dev.podbond.agent.watch.WatchedBond;
import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.plugins.linkstate.VfLinkSwitch.Outcome;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// VFs that do as they are told, all of a PF at once, and say what they were told.
final class SomeVfs implements UplinkWatch.Vfs {
  final Set<PciAddress> disabled = new TreeSet<>();
  final List<String> judged = new ArrayList<>();
  final List<WatchedBond> bonds = new ArrayList<>();

  /// PFs whose driver has no link states.
  final Set<PciAddress> refusing = new TreeSet<>();

  /// How many of the next judgements fail.
  final AtomicInteger failing = new AtomicInteger();

  boolean isComplete = true;
  boolean isDefect;
  Set<PciAddress> spared = Set.of();

  @Override
  public List<WatchedBond> watched() {
    return bonds;
  }

  @Override
  public boolean isComplete() {
    return isComplete;
  }

  @Override
  public Outcome judge(PciAddress pf, Orders orders) {
    if (isDefect) {
      throw new IllegalStateException("seeded");
    }
    spared = orders.spared();
    if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      judged.add(pf + " failed");
      return new Outcome.Unfinished(List.of("no"));
    }
    if (orders.isBad() && orders.mayDisable() && refusing.contains(pf)) {
      judged.add(pf + " refused");
      return new Outcome.Refused("Operation not supported");
    }
    if (orders.isBad() && orders.mayDisable() && disabled.add(pf)) {
      judged.add(pf + " disabled");
      return new Outcome.Done(1, List.of("away"));
    }
    if (!orders.isBad() && disabled.remove(pf)) {
      judged.add(pf + " restored");
      return new Outcome.Done(0, List.of("back"));
    }
    judged.add(pf + " unchanged");
    return new Outcome.Unchanged();
  }

  @Override
  public boolean forEachWritten(Consumer<PciAddress> each) {
    List.copyOf(disabled).forEach(each);
    return true;
  }
}
