package dev.podbond.bonding.demotion;

import dev.podbond.bonding.change.Plan;
import java.util.Optional;

/// What is to be done about one bond.
public sealed interface Decision {
  /// Nothing.
  record Leave() implements Decision {}

  /// Members leave a path that is bad.
  ///
  /// @param next is to be written down before the plan is carried out
  record Demote(Demotion next, Plan plan) implements Decision {}

  /// Members come back to what they were.
  ///
  /// @param left who is still demoted afterwards; to be written down, or the record to be removed
  ///   if it is empty, once the plan was carried out
  record Restore(Optional<Demotion> left, Plan plan) implements Decision {}

  /// The bond is gone, and its record is to go.
  record Forget() implements Decision {}
}
