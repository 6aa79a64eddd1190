package dev.podbond.bonding.linkstate;

import dev.podbond.bonding.change.ChangeFailedException;

/// What the kernel said to a change of a link state.
public sealed interface Answer {
  /// Done, by its own account.
  record Done() implements Answer {}

  /// The driver has no link states of VFs, so nothing was done.
  ///
  /// @param reason in the kernel's words
  record NoSuchOperation(String reason) implements Answer {}

  /// There is no such VF any more.
  record NoSuchVf() implements Answer {}

  /// Something else went wrong, or its answer was lost: nobody knows what was done.
  record Failed(String message) implements Answer {}

  /// What a failure says.
  static Answer of(ChangeFailedException failure) {
    if (failure.isMissing()) {
      return new NoSuchVf();
    }
    return failure.isAnswered() && failure.errno().equals("EOPNOTSUPP")
        ? new NoSuchOperation(failure.reason())
        : new Failed(failure.getMessage());
  }
}
