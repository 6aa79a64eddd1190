package dev.podbond.operator.kubernetes;

import java.util.function.Supplier;

/// What is done for one object among many. A defect that one object brings to light is that
/// object's: it is named, and the others go on.
public final class Alone {
  private static final System.Logger LOG = System.getLogger(Alone.class.getName());

  private Alone() {}

  /// Whether the step came to its end.
  ///
  /// @param object as a sentence names it; asked for only then
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
