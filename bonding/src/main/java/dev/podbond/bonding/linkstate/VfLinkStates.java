package dev.podbond.bonding.linkstate;

import dev.podbond.bonding.change.Change.SetVf;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VfLinkState;
import java.util.Optional;
import java.util.Set;

/// Decides which VFs of a PF lose their link, and which get it back.
///
/// Only a VF whose link follows its PF's cable loses it: what its owner has set to `enable` or
/// `disable` is meant, and so is whatever its owner sets meanwhile.
///
/// What a PF reports of a VF is believed as far as it can do no harm: some drivers take a link
/// state and go on reporting the one before. So what is written down never goes because of what is
/// reported, unless that is a state which neither was there before nor was set here.
public final class VfLinkStates {
  private VfLinkStates() {}

  /// What decisions rest on, beside the VFs themselves.
  ///
  /// @param isBad whether the uplink of the PF is known to be bad, and another one of the node is
  ///   not
  /// @param mayDisable false in a storm, say; who has no link stays without
  /// @param attached whose the VFs are
  /// @param leftAlone VFs that keep what they have, since somebody has set it meanwhile
  public record Orders(
      boolean isBad, boolean mayDisable, AttachedVfs attached, Set<PciAddress> leftAlone) {
    /// All VFs get their link back.
    public static final Orders RESTORE = new Orders(false, false, AttachedVfs.NONE, Set.of());

    /// Copies the set.
    public Orders {
      leftAlone = Set.copyOf(leftAlone);
    }

    /// The same, where the VFs are others'.
    public Orders with(AttachedVfs others) {
      return new Orders(isBad, mayDisable, others, leftAlone);
    }
  }

  /// What is to be done about one VF.
  public sealed interface Decision {
    /// Nothing.
    record Leave() implements Decision {}

    /// It loses its link.
    ///
    /// @param entry is written down before the change is made
    record Disable(DisabledVf entry, SetVf change) implements Decision {}

    /// It gets its link back, and what is written down goes once the kernel has acknowledged that.
    ///
    /// @param isTheirs whether it would not get it back yet, if what is reported of it were what
    ///   was set here: it is left alone from now on
    record GiveBack(SetVf change, boolean isTheirs) implements Decision {}

    /// What is written down goes, and the VF stays as it is.
    ///
    /// @param isTheirs whether that is because somebody has set something else: it is left alone
    ///   from now on
    record Forget(boolean isTheirs) implements Decision {}
  }

  /// What is to be done about one VF.
  ///
  /// @param vf as it is now; empty if there is no such VF any more
  /// @param known what is written down of it
  public static Decision decide(
      PfVfs now, Optional<PfVfs.Vf> vf, Optional<DisabledVf> known, Orders orders) {
    if (known.isEmpty()) {
      return vf.filter(some -> losesIt(some, orders))
          .<Decision>map(some -> disable(now, some))
          .orElseGet(Decision.Leave::new);
    }
    // With another boot all VFs were made anew; one that is made at a removed one's address as
    // well.
    if (vf.isEmpty() || !known.get().bootId().equals(now.bootId())) {
      return new Decision.Forget(false);
    }
    boolean isKept = orders.isBad() && orders.attached().mayLose(known.get().pci());
    if (vf.get().is(VfLinkState.DISABLE)) {
      return isKept ? new Decision.Leave() : giveBack(vf.get(), known.get(), false);
    }
    boolean isAThirdState =
        vf.get().linkState().filter(state -> state != known.get().before()).isPresent();
    return isAThirdState ? new Decision.Forget(isKept) : giveBack(vf.get(), known.get(), isKept);
  }

  private static boolean losesIt(PfVfs.Vf vf, Orders orders) {
    PciAddress pci = vf.ref().pci();
    return orders.isBad()
        && orders.mayDisable()
        && vf.is(VfLinkState.AUTO)
        && orders.attached().mayLose(pci)
        && !orders.leftAlone().contains(pci);
  }

  private static Decision disable(PfVfs now, PfVfs.Vf vf) {
    VfRef ref = vf.ref();
    return new Decision.Disable(
        new DisabledVf(ref.pci(), ref.index(), now.pf(), now.bootId(), VfLinkState.AUTO),
        set(ref, VfLinkState.DISABLE));
  }

  /// What takes back that a VF was to lose its link.
  public static Decision.GiveBack undo(Decision.Disable what) {
    return new Decision.GiveBack(set(what.change().vf(), what.entry().before()), false);
  }

  /// The change by which a VF becomes what it was.
  private static Decision.GiveBack giveBack(PfVfs.Vf vf, DisabledVf known, boolean isTheirs) {
    return new Decision.GiveBack(set(vf.ref(), known.before()), isTheirs);
  }

  private static SetVf set(VfRef vf, VfLinkState state) {
    return new SetVf(vf, VfSettings.NONE.with(VfSetting.LINK_STATE, state));
  }

  /// What became of a VF that was to lose its link.
  public sealed interface Disabled {
    /// It has none, and stays written down.
    record Held() implements Disabled {}

    /// Nothing was done, so that nothing has to be given back.
    record NotDone() implements Disabled {}

    /// It has to get back what it was.
    ///
    /// @param why what the kernel says, or does not say
    /// @param isUnreported whether its driver says done and reports something else
    record Doubtful(String why, boolean isUnreported) implements Disabled {}
  }

  /// Judges what the kernel said when a VF was to lose its link, and what it reports since.
  ///
  /// @param since the VF; empty if it cannot be seen, so that nobody knows better than the answer
  public static Disabled disabled(Answer answer, Optional<PfVfs.Vf> since) {
    return switch (answer) {
      case Answer.NoSuchOperation _ -> new Disabled.NotDone();
      case Answer.NoSuchVf() ->
          since.filter(vf -> vf.is(VfLinkState.DISABLE)).isPresent()
              ? new Disabled.Doubtful(missing(since.get()), false)
              : new Disabled.NotDone();
      case Answer.Failed(String message) -> new Disabled.Doubtful(message, false);
      case Answer.Done() ->
          since.isEmpty() || since.get().is(VfLinkState.DISABLE)
              ? new Disabled.Held()
              : new Disabled.Doubtful(unreported(since.get()), true);
    };
  }

  private static String missing(PfVfs.Vf vf) {
    return "the kernel says that there is no "
        + vf.ref()
        + ", and reports that it has the link state disable";
  }

  private static String unreported(PfVfs.Vf vf) {
    return "its driver says that "
        + vf.ref()
        + " has the link state disable now, and reports "
        + vf.linkState().map(VfLinkState::toString).orElse("none")
        + ", so nobody can tell what its VFs have";
  }

  /// Judges what the kernel said when a VF was to get its link back, and what it reports since.
  ///
  /// @param since the VF; empty if it cannot be seen
  /// @return why it stays written down; empty if it need not
  public static Optional<String> stillDisabled(Answer answer, Optional<PfVfs.Vf> since) {
    boolean isDisabled = since.filter(vf -> vf.is(VfLinkState.DISABLE)).isPresent();
    return switch (answer) {
      // A driver in trouble may say so of one that it has.
      case Answer.NoSuchVf() -> isDisabled ? Optional.of(missing(since.get())) : Optional.empty();
      case Answer.Failed(String message) -> Optional.of(message);
      // Whoever wrote it down ended before the change was refused.
      case Answer.NoSuchOperation(String reason) ->
          isDisabled || since.isEmpty() ? Optional.of(reason) : Optional.empty();
      case Answer.Done() ->
          isDisabled
              ? Optional.of(
                  "the kernel says that "
                      + since.get().ref()
                      + " has its link state again, and reports disable")
              : Optional.empty();
    };
  }
}
