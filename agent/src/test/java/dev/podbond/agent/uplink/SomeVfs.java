package dev.podbond.agent.uplink;

import dev.podbond.bonding.linkstate.AttachedVfs;
import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.plugins.linkstate.VfLinkSwitch.Outcome;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// VFs that do as they are told, all of a PF at once, and say what they were told.
final class SomeVfs implements UplinkWatch.Vfs {
  final Set<PciAddress> disabled = new TreeSet<>();
  final List<String> judged = new ArrayList<>();

  /// PFs whose driver has no link states.
  final Set<PciAddress> refusing = new TreeSet<>();

  /// How many of the next VFs that are to lose their link do not.
  final AtomicInteger failing = new AtomicInteger();

  /// How many of the next VFs that are to get their link back do not.
  final AtomicInteger stuck = new AtomicInteger();

  /// VFs that somebody sets meanwhile.
  final Set<PciAddress> theirs = new TreeSet<>();

  AttachedVfs attached = AttachedVfs.NONE;
  boolean isComplete = true;
  boolean isDefect;
  Orders last = Orders.RESTORE;

  @Override
  public AttachedVfs attached() {
    return attached;
  }

  @Override
  public boolean isComplete() {
    return isComplete;
  }

  private static boolean isDue(AtomicInteger some) {
    return some.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  private static Outcome outcome(
      List<String> lost, List<String> back, List<String> notLost, List<String> notBack) {
    return new Outcome(lost, back, notLost, notBack, Optional.empty(), Set.of(), false);
  }

  @Override
  public Outcome judge(PciAddress pf, Orders orders) {
    if (isDefect) {
      throw new IllegalStateException("seeded");
    }
    last = orders;
    if (orders.isBad() && orders.mayDisable() && !disabled.contains(pf)) {
      return disable(pf);
    }
    if (!orders.isBad() && disabled.contains(pf)) {
      if (isDue(stuck)) {
        judged.add(pf + " stuck");
        return outcome(List.of(), List.of(), List.of(), List.of("no"));
      }
      disabled.remove(pf);
      judged.add(pf + " restored");
      return outcome(List.of(), List.of("back"), List.of(), List.of());
    }
    if (orders.isBad() && !theirs.isEmpty() && !orders.leftAlone().containsAll(theirs)) {
      judged.add(pf + " theirs");
      return new Outcome(
          List.of(), List.of(), List.of(), List.of(), Optional.empty(), theirs, false);
    }
    judged.add(pf + " unchanged");
    return Outcome.UNCHANGED;
  }

  private Outcome disable(PciAddress pf) {
    if (isDue(failing)) {
      judged.add(pf + " failed");
      return outcome(List.of(), List.of(), List.of("no"), List.of());
    }
    if (refusing.contains(pf)) {
      judged.add(pf + " refused");
      return new Outcome(
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Optional.of("Operation not supported"),
          Set.of(),
          false);
    }
    disabled.add(pf);
    judged.add(pf + " disabled");
    return outcome(List.of("away"), List.of(), List.of(), List.of());
  }

  @Override
  public boolean forEachWritten(Consumer<PciAddress> each) {
    List.copyOf(disabled).forEach(each);
    return true;
  }
}
