package dev.podbond.bonding.plan;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.Change.SetAdminState;
import dev.podbond.bonding.change.Plan;
import dev.podbond.bonding.change.Step;
import dev.podbond.bonding.net.LinkRef;
import java.util.ArrayList;
import java.util.List;

/// Collects the steps of a plan.
final class PlanBuilder {
  private final List<Step> steps = new ArrayList<>();

  /// @param undo the changes that take it back, in order; empty if an earlier step's undo does that
  void add(Change change, Change... undo) {
    steps.add(Step.of(change, undo));
  }

  void add(Change change, List<Change> undo) {
    steps.add(new Step(change, undo));
  }

  void down(LinkRef link) {
    add(new SetAdminState(link, false), new SetAdminState(link, true));
  }

  PlanBuilder up(LinkRef link) {
    add(new SetAdminState(link, true), new SetAdminState(link, false));
    return this;
  }

  Plan plan() {
    return new Plan(steps);
  }
}
