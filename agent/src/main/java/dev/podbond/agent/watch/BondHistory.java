package dev.podbond.agent.watch;

import dev.podbond.bonding.state.BondState;
import dev.podbond.bonding.state.Cause;
import dev.podbond.bonding.state.ConfiguredMember;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What has happened to a bond since this agent first saw it. The next agent begins anew: what it
/// has not seen it does not tell.
///
/// @param last its last state; without members and carrier if it is gone
/// @param since when it last changed, or when the agent first saw it
/// @param activeChanges how often its active member changed
/// @param transitions its last changes, the latest last
record BondHistory(
    BondState last, Instant since, long activeChanges, List<Transition> transitions) {
  /// Enough for the story of a night; more would cost memory for a bond that flaps.
  static final int MOST_TRANSITIONS = 16;

  BondHistory {
    transitions = List.copyOf(transitions);
  }

  /// The history of a bond that is seen for the first time.
  static BondHistory begin(BondState state, Instant at) {
    return new BondHistory(state, at, 0, List.of());
  }

  /// The history after a further look.
  ///
  /// @param configured the members that the bond was made with
  BondHistory next(
      BondState now, Instant at, List<ConfiguredMember> configured, Cause.PfCarriers carriers) {
    List<String> changes = now.since(last);
    if (changes.isEmpty()) {
      return new BondHistory(now, since, activeChanges, transitions);
    }
    return with(
        now,
        new Transition(at, String.join(", ", changes), Cause.of(last, now, configured, carriers)));
  }

  /// The history of a bond that is not there any more.
  BondHistory gone(Instant at) {
    BondState none = last.gone();
    return none.equals(last)
        ? this
        : with(
            none,
            new Transition(
                at,
                "the bond is gone",
                new Cause("it is not in the pod any more", Cause.Turn.OTHER)));
  }

  private BondHistory with(BondState now, Transition transition) {
    List<Transition> all = new ArrayList<>(transitions);
    all.add(transition);
    return new BondHistory(
        now,
        transition.at(),
        activeChanges + (now.active().equals(last.active()) ? 0 : 1),
        all.subList(Math.max(0, all.size() - MOST_TRANSITIONS), all.size()));
  }

  /// The latest change.
  Optional<Transition> latest() {
    return transitions.isEmpty() ? Optional.empty() : Optional.of(transitions.getLast());
  }
}
