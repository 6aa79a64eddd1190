package dev.podbond.bonding.change;

import java.util.List;

/// One change of a plan and its undo.
///
/// @param undo the changes that restore the state before, in the order in which to apply them;
///   empty if the undo of an earlier step takes this one back too
public record Step(Change change, List<Change> undo) {
  public Step {
    undo = List.copyOf(undo);
  }

  public static Step of(Change change, Change... undo) {
    return new Step(change, List.of(undo));
  }
}
