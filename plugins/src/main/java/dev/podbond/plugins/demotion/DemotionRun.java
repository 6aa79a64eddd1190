package dev.podbond.plugins.demotion;

import dev.podbond.bonding.attachment.Attachment;
import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Execution;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.demotion.BondUse;
import dev.podbond.bonding.demotion.Decision;
import dev.podbond.bonding.demotion.Demotion;
import dev.podbond.bonding.demotion.Demotions;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.plan.BondPlanner;
import dev.podbond.bonding.state.ConfiguredMember;
import dev.podbond.cni.spec.CniException;
import dev.podbond.node.state.DemotionStore;
import dev.podbond.node.state.StateException;
import dev.podbond.plugins.demotion.Demoting.Orders;
import dev.podbond.plugins.demotion.Demoting.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is done about one bond while its locks are held: what demotes is written down before the
/// first change, and what comes back is forgotten after it was seen to have come back.
///
/// @param record of the attachment that made it
/// @param members those that it was made with, with their hardware
record DemotionRun(
    Attachment record, List<ConfiguredMember> members, DemotionStore store, Pod pod) {
  /// The pod that the bond is in.
  interface Pod {
    /// The facts about everything that the attachment concerns.
    NodeFacts observe() throws CniException;

    /// The kernel for changes that rest on these facts.
    Kernel kernel(NodeFacts seen);
  }

  /// Decides, and does it.
  Outcome judge(Optional<Demotion> known, Orders orders) throws CniException, StateException {
    NodeFacts facts = pod.observe();
    Decision decision =
        Demotions.decide(
            use(facts), orders.verdicts(), known, orders.action(), orders.mayDemote(), orders.at());
    return switch (decision) {
      case Decision.Leave() -> new Outcome.Unchanged();
      case Decision.Forget() -> {
        boolean _ = store.remove(record.key());
        yield new Outcome.Forgotten();
      }
      case Decision.Demote(Demotion next, Plan plan) -> demote(known, next, plan, facts);
      case Decision.Restore(Optional<Demotion> left, Plan plan) ->
          restore(known.orElseThrow().since(left), left, plan, facts);
    };
  }

  private BondUse use(NodeFacts facts) {
    String name =
        record
            .bond()
            .flatMap(names -> BondPlanner.find(names, facts))
            .map(LinkFacts::name)
            .orElse("");
    return BondUse.of(record.key(), name, members, facts);
  }

  private Outcome demote(Optional<Demotion> known, Demotion next, Plan plan, NodeFacts facts)
      throws CniException, StateException {
    if (!Optional.of(next).equals(known)) {
      store.save(next);
    }
    Execution execution = new Execution(pod.kernel(facts));
    try {
      execution.run(plan);
      int before = known.map(Demotion::members).map(List::size).orElse(0);
      return new Outcome.Demoted(next.members().size() - before, shown(plan));
    } catch (ChangeFailedException e) {
      execution.undo();
      List<String> left = new ArrayList<>();
      left.add(String.valueOf(e.getMessage()));
      left.addAll(takenBack(next.since(known), known));
      return new Outcome.Unfinished(left);
    }
  }

  /// What an undo does not know of a member its record does: its queue, say.
  private List<String> takenBack(Optional<Demotion> added, Optional<Demotion> known)
      throws CniException, StateException {
    NodeFacts facts = pod.observe();
    return restore(added, known, planFor(added, facts), facts)
            instanceof Outcome.Unfinished(List<String> left)
        ? left
        : List.of();
  }

  /// @param who comes back
  /// @param left who is still demoted
  private Outcome restore(
      Optional<Demotion> who, Optional<Demotion> left, Plan plan, NodeFacts facts)
      throws CniException, StateException {
    List<String> failures = new ArrayList<>();
    new Execution(pod.kernel(facts))
        .runAll(plan)
        .forEach(failure -> failures.add(String.valueOf(failure.getMessage())));
    // The kernel sometimes reports success without making the change.
    if (!plan.isEmpty()) {
      Decision next = Demotions.restore(use(pod.observe()), who);
      if (next instanceof Decision.Restore(Optional<Demotion> _, Plan missing)
          && !missing.isEmpty()) {
        failures.add("still to be done: " + String.join(", ", shown(missing)));
        return new Outcome.Unfinished(failures);
      }
      if (who.isPresent() && next instanceof Decision.Leave) {
        failures.add("the interface that has to be the primary again vanished meanwhile");
        return new Outcome.Unfinished(failures);
      }
    }
    if (left.isPresent()) {
      store.save(left.get());
    } else {
      boolean _ = store.remove(record.key());
    }
    return new Outcome.Restored(shown(plan));
  }

  private Plan planFor(Optional<Demotion> who, NodeFacts facts) {
    return Demotions.restore(use(facts), who)
            instanceof Decision.Restore(Optional<Demotion> _, Plan plan)
        ? plan
        : Plan.NOTHING;
  }

  private static List<String> shown(Plan plan) {
    return plan.steps().stream().map(Step::change).map(Change::toString).toList();
  }
}
