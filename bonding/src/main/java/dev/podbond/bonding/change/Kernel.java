package dev.podbond.bonding.change;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The only way to change anything: a node's kernel, or a model of it in tests.
@FunctionalInterface
public interface Kernel {
  /// Makes the change as a whole or not at all.
  ///
  /// @throws ChangeFailedException with the kernel's reason; nothing was changed then, unless the
  ///   kernel's answer was lost
  void apply(Change change) throws ChangeFailedException;

  /// Makes the changes of one of a [plan's groups][Plan#groups], in their order, each as [#apply]
  /// does. A kernel that takes them together may go on after a failure.
  ///
  /// @return for each change that was tried why it failed; the changes after the first failure may
  ///   be missing, and these were not tried
  default List<Optional<ChangeFailedException>> applyEach(List<Change> changes) {
    List<Optional<ChangeFailedException>> failures = new ArrayList<>(changes.size());
    for (Change change : changes) {
      try {
        apply(change);
        failures.add(Optional.empty());
      } catch (ChangeFailedException failure) {
        failures.add(Optional.of(failure));
        break;
      }
    }
    return failures;
  }
}
