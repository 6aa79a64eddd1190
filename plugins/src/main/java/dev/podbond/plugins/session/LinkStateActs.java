package dev.podbond.plugins.session;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.linkstate.Answer;
import dev.podbond.bonding.linkstate.DisabledVf;
import dev.podbond.bonding.linkstate.PfVfs;
import dev.podbond.bonding.linkstate.VfLinkStates;
import dev.podbond.bonding.linkstate.VfLinkStates.Decision;
import dev.podbond.bonding.linkstate.VfLinkStates.Orders;
import dev.podbond.node.netns.NetnsIds;
import dev.podbond.node.state.DisabledVfStore;
import dev.podbond.node.state.StateException;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Optional;

/// What is done about the link states of VFs whose locks are held: written down first, then made,
/// so that whoever is killed at any moment leaves enough for the next one.
///
/// @param store what is written down
/// @param kernel makes the changes
public record LinkStateActs(DisabledVfStore store, Kernel kernel) {
  /// Writes down what a VF was, and has it lose its link.
  ///
  /// @throws StateException if that cannot be written down; then nothing was done
  public Answer disable(Decision.Disable what) throws StateException {
    store.save(what.entry());
    return make(what.change());
  }

  /// Has a VF get its link back. What is written down stays until the caller has seen the VF.
  public Answer giveBack(Decision.GiveBack what) {
    return make(what.change());
  }

  /// Removes what is written down of a VF.
  public void forget(PciAddress vf) throws StateException {
    boolean _ = store.remove(vf);
  }

  private Answer make(Change change) {
    try {
      kernel.apply(change);
      return new Answer.Done();
    } catch (ChangeFailedException e) {
      return Answer.of(e);
    }
  }

  /// Sees one VF.
  ///
  /// @param <E> what may keep it from being seen
  public interface Sight<E extends Exception> {
    /// As it is now; empty if it cannot be seen.
    Optional<PfVfs.Vf> look() throws E;
  }

  /// Gives a VF back whatever the agent took from it, for an attachment that is about to write down
  /// what the VF is, or to restore what it was.
  ///
  /// @return what is left to be done; empty if the VF is what its owner has set
  public <E extends Exception> Optional<String> giveBack(PciAddress vf, Sight<E> sight)
      throws E, StateException {
    Optional<DisabledVf> known = store.load(vf);
    if (known.isEmpty()) {
      return Optional.empty();
    }
    // What cannot be seen the kernel knows: that there is no such VF any more, or no way to it now.
    PfVfs.Vf seen = sight.look().orElseGet(() -> new PfVfs.Vf(known.get().ref(), Optional.empty()));
    PfVfs now = new PfVfs(known.get().pf(), NetnsIds.bootId(), List.of(seen));
    Decision decision = VfLinkStates.decide(now, Optional.of(seen), known, Orders.RESTORE);
    if (decision instanceof Decision.GiveBack back) {
      Answer answer = giveBack(back);
      Optional<String> left = VfLinkStates.stillDisabled(answer, sight.look());
      if (left.isPresent()) {
        return Optional.of(notBack(known.get(), left.get()));
      }
    }
    forget(vf);
    return Optional.empty();
  }

  private static String notBack(DisabledVf vf, String why) {
    return "the VF "
        + vf.pci()
        + " of the PF "
        + vf.pf()
        + " has no link since the PF's uplink was bad, and cannot get its link state "
        + vf.before()
        + " back: "
        + why;
  }
}
