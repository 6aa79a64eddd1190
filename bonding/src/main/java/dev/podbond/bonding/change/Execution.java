package dev.podbond.bonding.change;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Executes plans on one kernel, and remembers how to take back what was done.
///
/// Several plans may follow one another (the part after IPAM is planned later than the part
/// before); [#undo] takes all of them back, the latest change first.
public final class Execution {
  private final Kernel kernel;
  private final Deque<Step> done = new ArrayDeque<>();

  /// The last steps, if the kernel's answer to them was lost: we do not know whether they were
  /// done.
  private final Deque<Step> unheard = new ArrayDeque<>();

  public Execution(Kernel kernel) {
    this.kernel = kernel;
  }

  /// Makes the plan's changes in order and stops after the first group with a failure; the changes
  /// made so far stay until [#undo].
  public void run(Plan plan) throws ChangeFailedException {
    for (List<Step> group : plan.groups()) {
      List<Optional<ChangeFailedException>> failures =
          kernel.applyEach(group.stream().map(Step::change).toList());
      for (int i = 0; i < failures.size(); i++) {
        remember(group.get(i), failures.get(i));
      }
      Optional<ChangeFailedException> failure =
          failures.stream().flatMap(Optional::stream).findFirst();
      if (failure.isPresent()) {
        throw failure.get();
      }
    }
  }

  private void remember(Step step, Optional<ChangeFailedException> failure) {
    if (failure.isEmpty()) {
      done.push(step);
    } else if (!failure.get().isAnswered()) {
      unheard.push(step);
    }
  }

  /// Makes every change of the plan that succeeds, and goes on after failures: for removal.
  ///
  /// @return the failures, except for objects that were already gone
  public List<ChangeFailedException> runAll(Plan plan) {
    List<ChangeFailedException> failures = new ArrayList<>();
    for (Step step : plan.steps()) {
      attempt(step.change(), failures);
    }
    return List.copyOf(failures);
  }

  /// Takes back everything done so far, the latest first, and goes on if a change cannot be taken
  /// back.
  ///
  /// @return what could not be taken back; empty if the kernel is as before
  public List<ChangeFailedException> undo() {
    List<ChangeFailedException> failures = new ArrayList<>();
    while (!unheard.isEmpty()) {
      undoUnheard(unheard.pop(), failures);
    }
    while (!done.isEmpty()) {
      for (Change change : done.pop().undo()) {
        attempt(change, failures);
      }
    }
    return List.copyOf(failures);
  }

  /// If the step was not done, its undo finds everything already as it should be.
  private void undoUnheard(Step step, List<ChangeFailedException> failures) {
    for (Change change : step.undo()) {
      List<ChangeFailedException> failed = new ArrayList<>();
      attempt(change, failed);
      failed.stream().filter(failure -> !failure.isThereAlready()).forEach(failures::add);
    }
  }

  private void attempt(Change change, List<ChangeFailedException> failures) {
    try {
      kernel.apply(change);
    } catch (ChangeFailedException failure) {
      if (!failure.isMissing()) {
        failures.add(failure);
      }
    }
  }
}
