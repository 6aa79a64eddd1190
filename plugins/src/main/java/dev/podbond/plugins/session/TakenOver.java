package dev.podbond.plugins.session;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.linkstate.DisabledVfs;
import dev.podbond.node.state.DisabledVfStore;
import dev.podbond.node.state.HeldLock;
import dev.podbond.node.state.LockName;
import dev.podbond.node.state.NodeLocks;
import dev.podbond.node.state.StateException;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.value.PciAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A kernel through which an attachment sets link states of VFs. Each is the attachment's from then
/// on, whoever took the VF's link before: what is written down of that goes first, so that nobody
/// sets another one later. Whoever is killed in between has a record of the attachment, with what
/// the VF has to become.
public final class TakenOver implements Kernel {
  /// Longer than a PF takes to answer for all its VFs.
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Kernel kernel;
  private final NodeEnvironment node;
  private final DisabledVfStore disabled;

  /// @param kernel makes the changes
  /// @param node whose state it is
  /// @param disabled which VFs have no link because of a bad uplink
  public TakenOver(Kernel kernel, NodeEnvironment node, DisabledVfStore disabled) {
    this.kernel = kernel;
    this.node = node;
    this.disabled = disabled;
  }

  @Override
  public void apply(Change change) throws ChangeFailedException {
    takeOver(change);
    kernel.apply(change);
  }

  @Override
  public List<Optional<ChangeFailedException>> applyEach(List<Change> changes) {
    changes.forEach(this::takeOver);
    return kernel.applyEach(changes);
  }

  private void takeOver(Change change) {
    if (change instanceof Change.SetVf set && set.settings().linkState().isPresent()) {
      try {
        takeOver(set.vf().pci());
      } catch (StateException e) {
        node.warn("the link state of " + set.vf() + " may be changed again: " + e.getMessage());
      }
    }
  }

  private void takeOver(PciAddress vf) throws StateException {
    for (DisabledVfs some : disabled.all()) {
      if (!some.without(vf).equals(some)) {
        try (NodeLocks locks =
                NodeLocks.open(node.stateDirectory(), new Polling(WaitClock.SYSTEM));
            HeldLock _ = locks.acquire(new LockName.OfVfLinkStates(some.pf()), LIMIT)) {
          Optional<DisabledVfs> now = disabled.load(some.pf());
          if (now.isPresent()) {
            disabled.save(now.get().without(vf));
          }
        }
      }
    }
  }
}
