package dev.podbond.bonding.linkstate;

import dev.podbond.bonding.change.Change.SetVf;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Decides which VFs of a PF lose their link, and which get it back.
///
/// Only a VF whose link follows its PF's cable loses it: what its owner has set to `enable` or
/// `disable` is meant, and so is whatever its owner sets meanwhile.
public final class VfLinkStates {
  private VfLinkStates() {}

  /// What decisions rest on, beside the VFs themselves.
  ///
  /// @param isBad whether the uplink of the PF is known to be bad, and another one of the node is
  ///   not
  /// @param spared VFs that keep their link, since bonds that leave the PF in another way have them
  /// @param mayDisable false in a storm
  public record Orders(boolean isBad, Set<PciAddress> spared, boolean mayDisable) {
    /// All VFs get their link back.
    public static final Orders RESTORE = new Orders(false, Set.of(), false);

    /// Copies the set.
    public Orders {
      spared = Set.copyOf(spared);
    }
  }

  /// What is to be done.
  ///
  /// @param first what is to be written down before the plan is carried out: everybody whom it
  ///   concerns, and whom earlier ones did
  /// @param plan each step by itself: if one fails, the others do not depend on it
  public record Act(DisabledVfs first, Plan plan) {
    /// What is to be written down afterwards: those that still are without a link because of this,
    /// and those that are somebody's by now.
    ///
    /// @param seen the VFs as they are since
    public DisabledVfs afterwards(PfVfs seen) {
      return first.only(vf ->
          vf.isTheirs()
              || seen.vf(vf)
                  .filter(now -> now.linkState().isEmpty() || now.isDisabled())
                  .isPresent());
    }
  }

  /// What is to be done about the VFs of one PF; empty if nothing is. Carried out, it makes the
  /// next decision an empty one.
  ///
  /// @param known what was written down about them
  /// @param free the VFs that nobody else is at work on
  public static Optional<Act> decide(
      PfVfs now, Optional<DisabledVfs> known, Orders orders, Set<PciAddress> free) {
    List<DisabledVf> written = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    // With another boot its VFs were made anew.
    List<DisabledVf> before =
        known
            .filter(some -> some.bootId().equals(now.bootId()))
            .map(DisabledVfs::vfs)
            .orElse(List.of());
    for (DisabledVf vf : before) {
      Optional<PfVfs.Vf> seen = now.vf(vf);
      if (seen.isEmpty()) {
        // It was removed, and one that is made at its address has a link state of its own.
        continue;
      }
      boolean isSet = seen.get().linkState().isPresent() && !seen.get().isDisabled();
      if (vf.isTheirs() || isSet) {
        if (orders.isBad()) {
          written.add(vf.theirs());
        }
        continue;
      }
      written.add(vf);
      boolean comesBack = !orders.isBad() || orders.spared().contains(vf.pci());
      if (comesBack && free.contains(vf.pci())) {
        steps.add(step(seen.get().ref(), vf.before(), VfLinkState.DISABLE));
      }
    }
    if (orders.isBad() && orders.mayDisable()) {
      for (PfVfs.Vf vf : now.vfs()) {
        if (follows(vf)
            && free.contains(vf.ref().pci())
            && !orders.spared().contains(vf.ref().pci())
            && before.stream().noneMatch(vf::is)) {
          written.add(new DisabledVf(vf.ref().pci(), vf.ref().index(), VfLinkState.AUTO, false));
          steps.add(step(vf.ref(), VfLinkState.DISABLE, VfLinkState.AUTO));
        }
      }
    }
    DisabledVfs first = new DisabledVfs(now.pf(), now.bootId(), written);
    boolean isAsWritten = known.map(first::equals).orElse(written.isEmpty());
    return steps.isEmpty() && isAsWritten
        ? Optional.empty()
        : Optional.of(new Act(first, new Plan(steps)));
  }

  private static boolean follows(PfVfs.Vf vf) {
    return vf.linkState().equals(Optional.of(VfLinkState.AUTO));
  }

  private static Step step(VfRef vf, VfLinkState to, VfLinkState from) {
    return Step.of(set(vf, to), set(vf, from));
  }

  private static SetVf set(VfRef vf, VfLinkState state) {
    return new SetVf(vf, VfSettings.NONE.with(VfSetting.LINK_STATE, state));
  }
}
