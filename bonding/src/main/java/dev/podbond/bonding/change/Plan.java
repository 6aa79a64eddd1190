package dev.podbond.bonding.change;

import java.util.List;
import java.util.stream.Stream;

/// Changes in the order in which to make them.
public record Plan(List<Step> steps) {
  /// The plan that changes nothing.
  public static final Plan NOTHING = new Plan(List.of());

  public Plan {
    steps = List.copyOf(steps);
  }

  /// This plan, then another.
  public Plan then(Plan next) {
    return new Plan(Stream.concat(steps.stream(), next.steps.stream()).toList());
  }

  public boolean isEmpty() {
    return steps.isEmpty();
  }
}
