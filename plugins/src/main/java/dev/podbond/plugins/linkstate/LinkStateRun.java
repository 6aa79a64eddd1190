package dev.podbond.plugins.linkstate;

import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.linkstate.Answer;
import dev.podbond.bonding.linkstate.AttachedVfs;
import dev.podbond.bonding.linkstate.DisabledVf;
import dev.podbond.bonding.linkstate.PfVfs;
import dev.podbond.bonding.linkstate.VfLinkStates;
import dev.podbond.bonding.linkstate.VfLinkStates.Decision;
import dev.podbond.bonding.linkstate.VfLinkStates.Disabled;
import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.cni.spec.CniException;
import dev.podbond.node.state.DisabledVfStore;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.linkstate.VfLinkSwitch.Outcome;
import dev.podbond.plugins.session.LinkStateActs;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is done about the VFs of one PF: first whoever gets its link back, then whoever loses it,
/// VF by VF, so that one that fails stops no other. Only of the first that loses it is looked at
/// once whether it did: a driver that cannot be believed is not asked about the others.
final class LinkStateRun {
  private final PciAddress pf;
  private final DisabledVfStore store;
  private final Vfs vfs;
  private final List<String> disabled = new ArrayList<>();
  private final List<String> restored = new ArrayList<>();
  private final List<String> notDisabled = new ArrayList<>();
  private final List<String> notRestored = new ArrayList<>();
  private final Set<PciAddress> theirs = new HashSet<>();
  private Optional<String> refusal = Optional.empty();
  private boolean isBusy;

  /// Whether the driver has reported what it took.
  private boolean isBelieved;

  /// Those that were given back, and those that lost their link, with what the kernel said.
  private final Map<PciAddress, Given> given = new LinkedHashMap<>();

  private final Map<PciAddress, Taken> taken = new LinkedHashMap<>();

  private record Given(Decision.GiveBack what, Answer answer) {}

  private record Taken(Decision.Disable what, Answer answer) {}

  /// The VFs.
  interface Vfs {
    /// Those that there are; empty if the PF cannot be asked.
    Optional<PfVfs> observe() throws CniException;

    /// The kernel for changes of them.
    Kernel kernel();

    /// Locks those of these that are free.
    Locked lock(Set<PciAddress> some) throws StateException;
  }

  /// VFs that nobody else is at work on.
  interface Locked extends AutoCloseable {
    /// Which these are.
    Set<PciAddress> held();

    /// Whose they are, as the disk has it now.
    ///
    /// @throws CniException if nobody can tell
    AttachedVfs attached() throws CniException, StateException;

    @Override
    void close();
  }

  LinkStateRun(PciAddress pf, DisabledVfStore store, Vfs vfs) {
    this.pf = pf;
    this.store = store;
    this.vfs = vfs;
  }

  /// Decides, and does it. Once.
  ///
  /// @param written the VFs of this PF of which anything is written down
  Outcome judge(Orders orders, Set<PciAddress> written) throws CniException, StateException {
    Optional<PfVfs> seen = vfs.observe();
    if (seen.isPresent()) {
      SortedSet<PciAddress> wanted = new TreeSet<>(decide(seen.get(), orders, written).keySet());
      if (!wanted.isEmpty()) {
        try (Locked locked = vfs.lock(wanted)) {
          isBusy = !locked.held().containsAll(wanted);
          run(orders, written, locked);
        }
      }
    } else if (!written.isEmpty() && !orders.isBad()) {
      notRestored.add("the PF " + pf + " has no interface on the host now");
    }
    return new Outcome(disabled, restored, notDisabled, notRestored, refusal, theirs, isBusy);
  }

  /// All that is to be done of anybody; whoever cannot be read is left alone.
  private Map<PciAddress, Decision> decide(PfVfs now, Orders orders, Set<PciAddress> written) {
    Map<PciAddress, Decision> decisions = new TreeMap<>();
    Set<PciAddress> all = new HashSet<>(written);
    now.vfs().forEach(vf -> all.add(vf.ref().pci()));
    for (PciAddress vf : all) {
      try {
        Optional<DisabledVf> known = written.contains(vf) ? store.load(vf) : Optional.empty();
        if (known.isEmpty() || known.get().pf().equals(pf)) {
          Decision decision = VfLinkStates.decide(now, now.vf(vf), known, orders);
          if (!(decision instanceof Decision.Leave)) {
            decisions.put(vf, decision);
          }
        }
      } catch (StateException _) {
        // Whoever lists what is written down has told of it.
      }
    }
    return decisions;
  }

  private void run(Orders orders, Set<PciAddress> written, Locked locked) throws CniException {
    Optional<PfVfs> now = vfs.observe();
    if (now.isEmpty()) {
      isBusy = true;
      return;
    }
    LinkStateActs acts = new LinkStateActs(store, vfs.kernel());
    Map<PciAddress, Decision> decisions = decide(now.get(), orders, written);
    decisions.keySet().retainAll(locked.held());
    if (decisions.values().stream().anyMatch(one -> one instanceof Decision.Disable)) {
      decisions = decide(now.get(), onDisk(orders, locked), written);
      decisions.keySet().retainAll(locked.held());
    }
    decisions.forEach((vf, decision) -> {
      switch (decision) {
        case Decision.GiveBack back -> {
          given.put(vf, new Given(back, acts.giveBack(back)));
          note(vf, back.isTheirs());
        }
        case Decision.Forget(boolean isTheirs) -> {
          boolean _ = forget(acts, vf, notRestored);
          note(vf, isTheirs);
        }
        case Decision.Disable _, Decision.Leave() -> {}
      }
    });
    for (Map.Entry<PciAddress, Decision> decision : decisions.entrySet()) {
      if (refusal.isEmpty() && decision.getValue() instanceof Decision.Disable disable) {
        disable(acts, decision.getKey(), disable);
      }
    }
    settle(acts);
  }

  /// Whoever may have taken a VF or made a bond of it since has written that down before.
  private Orders onDisk(Orders orders, Locked locked) {
    try {
      return orders.with(locked.attached());
    } catch (CniException | StateException e) {
      notDisabled.add(e.getMessage());
      return new Orders(orders.isBad(), false, orders.attached(), orders.leftAlone());
    }
  }

  private void note(PciAddress vf, boolean isTheirs) {
    if (isTheirs) {
      theirs.add(vf);
    }
  }

  private void disable(LinkStateActs acts, PciAddress vf, Decision.Disable what) {
    Answer answer;
    try {
      answer = acts.disable(what);
    } catch (StateException e) {
      notDisabled.add(e.getMessage());
      return;
    }
    taken.put(vf, new Taken(what, answer));
    if (answer instanceof Answer.NoSuchOperation(String reason)) {
      refusal = Optional.of("its driver refuses link states: " + reason);
    } else if (!isBelieved && answer instanceof Answer.Done) {
      Optional<PfVfs.Vf> since = look().flatMap(now -> now.vf(vf));
      switch (VfLinkStates.disabled(answer, since)) {
        case Disabled.Held() -> isBelieved = true;
        case Disabled.Doubtful(String why, boolean _) -> refusal = Optional.of(why);
        case Disabled.NotDone() -> {}
      }
    }
  }

  /// Sees what became of all, and gives back what is in doubt.
  private void settle(LinkStateActs acts) {
    if (given.isEmpty() && taken.isEmpty()) {
      return;
    }
    Optional<PfVfs> since = look();
    boolean[] isInDoubt = {false};
    taken.forEach((vf, one) -> {
      switch (VfLinkStates.disabled(one.answer(), since.flatMap(now -> now.vf(vf)))) {
        case Disabled.Held() -> disabled.add(one.what().change().toString());
        case Disabled.NotDone() -> {
          boolean _ = forget(acts, vf, notDisabled);
        }
        case Disabled.Doubtful(String why, boolean _) -> {
          if (!refusal.equals(Optional.of(why))) {
            notDisabled.add(why);
          }
          isInDoubt[0] = true;
          Decision.GiveBack back = VfLinkStates.undo(one.what());
          given.put(vf, new Given(back, acts.giveBack(back)));
        }
      }
    });
    Optional<PfVfs> last = isInDoubt[0] ? look() : since;
    given.forEach((vf, one) -> {
      Optional<String> left =
          VfLinkStates.stillDisabled(one.answer(), last.flatMap(now -> now.vf(vf)));
      if (left.isPresent()) {
        notRestored.add(left.get());
      } else if (forget(acts, vf, notRestored) && one.answer() instanceof Answer.Done) {
        restored.add(one.what().change().toString());
      }
    });
  }

  /// What was done is not to be lost because nobody can see it now.
  private Optional<PfVfs> look() {
    try {
      return vfs.observe();
    } catch (CniException e) {
      notRestored.add(e.getMessage());
      return Optional.empty();
    }
  }

  private static boolean forget(LinkStateActs acts, PciAddress vf, List<String> failures) {
    try {
      acts.forget(vf);
      return true;
    } catch (StateException e) {
      failures.add(e.getMessage());
      return false;
    }
  }
}
