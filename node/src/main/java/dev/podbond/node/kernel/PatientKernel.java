package dev.podbond.node.kernel;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wait.WaitClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Waits for drivers that are busy resetting a VF, as iavf, ice and i40e are after each setting
/// made through the PF: it repeats the change until the driver has time.
///
/// While it waits, the caller keeps its own locks; this class holds nothing else.
public final class PatientKernel implements Kernel {
  /// For one change. A reset takes 0.1 to 2 s, and iavf itself waits up to 5 s for one.
  static final Duration CHANGE_LIMIT = Duration.ofSeconds(5);

  /// For all changes together: with a device that never answers, each change would wait.
  static final Duration TOTAL_LIMIT = Duration.ofSeconds(20);

  /// A longer wait is logged with its reason.
  static final Duration UNNOTICED = Duration.ofSeconds(1);

  private final Kernel kernel;
  private final WaitClock pace;
  private final Polling polling;
  private final Consumer<String> warnings;
  private Duration waited = Duration.ZERO;

  /// For the changes of one call.
  ///
  /// @param warnings gets one message for each change that takes long
  public PatientKernel(Kernel kernel, WaitClock pace, Consumer<String> warnings) {
    this.kernel = kernel;
    this.pace = pace;
    this.polling = new Polling(pace);
    this.warnings = warnings;
  }

  @Override
  public void apply(Change change) throws ChangeFailedException {
    Attempts attempts = new Attempts(change);
    Duration left = TOTAL_LIMIT.minus(waited);
    boolean done =
        polling.until(attempts::succeed, left.compareTo(CHANGE_LIMIT) < 0 ? left : CHANGE_LIMIT);
    if (attempts.busy.isPresent()) {
      waited = waited.plus(attempts.time());
      if (!done) {
        throw attempts
            .busy
            .get()
            .with(
                " (waited "
                    + attempts.time().toMillis()
                    + " ms for the driver, which may be resetting the device; the kernel's log"
                    + " says more)");
      }
    }
  }

  /// Routes alone come many at a time, and no driver has a part in them.
  @Override
  public List<Optional<ChangeFailedException>> applyEach(List<Change> changes) {
    return changes.size() == 1 ? Kernel.super.applyEach(changes) : kernel.applyEach(changes);
  }

  /// Retries one change.
  private final class Attempts {
    private final Change change;
    private final long start = pace.nanoTime();
    private Optional<ChangeFailedException> busy = Optional.empty();
    private boolean told;

    Attempts(Change change) {
      this.change = change;
    }

    boolean succeed() throws ChangeFailedException {
      try {
        kernel.apply(change);
        return true;
      } catch (ChangeFailedException failure) {
        if (!failure.isBusy()) {
          throw failure;
        }
        busy = Optional.of(failure);
        if (!told && time().compareTo(UNNOTICED) >= 0) {
          told = true;
          warnings.accept("waiting for the driver: " + failure.getMessage());
        }
        return false;
      }
    }

    Duration time() {
      return Duration.ofNanos(pace.nanoTime() - start);
    }
  }
}
