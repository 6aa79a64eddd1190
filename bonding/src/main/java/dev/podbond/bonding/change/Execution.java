package dev.podbond.bonding.change;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Plans being carried out on one kernel, with the memory of how to take back what was done.
///
/// Several plans may follow one another (what comes after IPAM is planned later than what comes
/// before); [#undo] takes back all of them, the latest change first.
public final class Execution {
  private final Kernel kernel;
  private final Deque<Step> done = new ArrayDeque<>();

  /// The last step where the kernel's answer to it was lost: done or not, nobody knows.
  private Optional<Step> unheard = Optional.empty();

  public Execution(Kernel kernel) {
    this.kernel = kernel;
  }

  /// Makes the plan's changes in order and stops at the first that fails; what was done by then
  /// stays until [#undo].
  public void run(Plan plan) throws ChangeFailedException {
    for (Step step : plan.steps()) {
      try {
        kernel.apply(step.change());
      } catch (ChangeFailedException failure) {
        if (!failure.isAnswered()) {
          unheard = Optional.of(step);
        }
        throw failure;
      }
      done.push(step);
    }
  }

  /// Makes every change of the plan that can be made, whatever fails on the way: for removal.
  ///
  /// @return what failed, except for what was already gone
  public List<ChangeFailedException> runAll(Plan plan) {
    List<ChangeFailedException> failures = new ArrayList<>();
    for (Step step : plan.steps()) {
      attempt(step.change(), failures);
    }
    return List.copyOf(failures);
  }

  /// Takes back everything done so far, the latest first, and goes on where a change cannot be
  /// taken back.
  ///
  /// @return what could not be taken back; empty when the kernel is as before
  public List<ChangeFailedException> undo() {
    List<ChangeFailedException> failures = new ArrayList<>();
    unheard.ifPresent(step -> undoUnheard(step, failures));
    unheard = Optional.empty();
    while (!done.isEmpty()) {
      for (Change change : done.pop().undo()) {
        attempt(change, failures);
      }
    }
    return List.copyOf(failures);
  }

  /// If it was not done, what takes it back finds everything as it is to be.
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
