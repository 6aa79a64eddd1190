package dev.podbond.operator.kubernetes;

import java.util.function.Supplier;

/// Runs a step for one object among many. If one object triggers a defect, the log names that
/// object, and the others go on.
public final class Alone {
  private static final System.Logger LOG = System.getLogger(Alone.class.getName());

  private Alone() {}

  /// Whether the step succeeded.
  ///
  /// @param object its name in messages; called only after a failure
  public static boolean attempt(Supplier<String> object, Runnable step) {
    try {
      step.run();
      return true;
    } catch (RuntimeException | StackOverflowError e) {
      LOG.log(
          System.Logger.Level.WARNING, object.get() + " is set aside, everything else goes on", e);
      return false;
    }
  }
}
