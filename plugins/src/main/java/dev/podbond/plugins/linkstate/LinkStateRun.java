package dev.podbond.plugins.linkstate;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.linkstate.DisabledVfs;
import dev.podbond.bonding.linkstate.PfVfs;
import dev.podbond.bonding.linkstate.VfLinkStates;
import dev.podbond.bonding.linkstate.VfLinkStates.Act;
import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.cni.spec.CniException;
import dev.podbond.node.state.DisabledVfStore;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.linkstate.VfLinkSwitch.Outcome;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is done about the VFs of one PF while the lock of what is written down of them is held: who
/// loses its link is written down before the first change, and forgotten after it was seen to have
/// it back.
record LinkStateRun(PciAddress pf, DisabledVfStore store, Vfs vfs) {
  /// The VFs.
  interface Vfs {
    /// Those that there are; empty if the PF cannot be asked.
    Optional<PfVfs> observe() throws CniException;

    /// The kernel for changes of them.
    Kernel kernel() throws CniException;

    /// Locks those of these that are free.
    Locked lock(Set<PciAddress> some) throws StateException;
  }

  /// VFs that nobody else is at work on.
  interface Locked extends AutoCloseable {
    /// Which these are.
    Set<PciAddress> held();

    @Override
    void close();
  }

  /// Decides, and does it.
  Outcome judge(Orders orders) throws CniException, StateException {
    Optional<DisabledVfs> known = store.load(pf);
    Optional<PfVfs> seen = vfs.observe();
    if (seen.isEmpty()) {
      return known.isEmpty()
          ? new Outcome.Unchanged()
          : new Outcome.Unfinished(List.of("the PF " + pf + " has no interface on the host now"));
    }
    Set<PciAddress> all = new HashSet<>();
    seen.get().vfs().forEach(vf -> all.add(vf.ref().pci()));
    Optional<Act> wanted = VfLinkStates.decide(seen.get(), known, orders, all);
    if (wanted.isEmpty()) {
      return new Outcome.Unchanged();
    }
    try (Locked locked = vfs.lock(concerned(wanted.get()))) {
      Optional<PfVfs> again = vfs.observe();
      Optional<Act> act =
          again.flatMap(now -> VfLinkStates.decide(now, known, orders, locked.held()));
      if (act.isEmpty()) {
        return new Outcome.Busy();
      }
      Outcome outcome = carryOut(act.get(), known, orders, locked.held());
      boolean isComplete = locked.held().containsAll(concerned(wanted.get()));
      return outcome instanceof Outcome.Unchanged && !isComplete ? new Outcome.Busy() : outcome;
    }
  }

  private static Set<PciAddress> concerned(Act act) {
    Set<PciAddress> vfs = new HashSet<>();
    for (Step step : act.plan().steps()) {
      if (step.change() instanceof Change.SetVf set) {
        vfs.add(set.vf().pci());
      }
    }
    return vfs;
  }

  private Outcome carryOut(
      Act act, Optional<DisabledVfs> known, Orders orders, Set<PciAddress> held)
      throws CniException, StateException {
    if (!Optional.of(act.first()).equals(known)) {
      store.save(act.first());
    }
    if (act.plan().isEmpty()) {
      return new Outcome.Unchanged();
    }
    Kernel kernel = vfs.kernel();
    List<String> done = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    Optional<String> refused = Optional.empty();
    int disabled = 0;
    for (Step step : act.plan().steps()) {
      boolean disables = disables(step.change());
      if (disables && refused.isPresent()) {
        continue;
      }
      try {
        kernel.apply(step.change());
        done.add(step.change().toString());
        disabled += disables ? 1 : 0;
      } catch (ChangeFailedException e) {
        if (disables && e.errno().equals("EOPNOTSUPP")) {
          refused = Optional.of(e.reason());
        } else if (!e.isMissing()) {
          failures.add(e.getMessage());
        }
      }
    }
    failures.addAll(settle(act, orders, held, refused.isPresent()));
    if (!failures.isEmpty()) {
      return new Outcome.Unfinished(failures);
    }
    return refused.isPresent()
        ? new Outcome.Refused(refused.get())
        : new Outcome.Done(disabled, done);
  }

  private static boolean disables(Change change) {
    return change instanceof Change.SetVf set
        && set.settings().linkState().equals(Optional.of(VfLinkState.DISABLE));
  }

  /// The kernel sometimes reports success without making the change.
  private List<String> settle(Act act, Orders orders, Set<PciAddress> held, boolean isRefused)
      throws CniException, StateException {
    Optional<PfVfs> since = vfs.observe();
    if (since.isEmpty()) {
      return List.of("the interface of the PF " + pf + " vanished meanwhile");
    }
    DisabledVfs left = act.afterwards(since.get());
    if (!left.equals(act.first())) {
      store.save(left);
    }
    List<String> missing =
        VfLinkStates.decide(since.get(), Optional.of(left), orders, held).stream()
            .flatMap(next -> next.plan().steps().stream())
            .map(Step::change)
            .filter(change -> !(isRefused && disables(change)))
            .map(Change::toString)
            .toList();
    return missing.isEmpty()
        ? List.of()
        : List.of("still to be done: " + String.join(", ", missing));
  }
}
