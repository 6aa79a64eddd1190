package dev.podbond.netlink;

import java.util.Random;

/// Runs a check on many random inputs. When the check fails, the message names the seed that
/// repeats it.
public final class Property {
  private static final int RUNS = Integer.getInteger("property.runs", 300);

  private Property() {}

  /// A check that may throw any exception.
  @FunctionalInterface
  public interface Check {
    void on(Random random) throws Exception;
  }

  /// Runs the check; `-Dpodbond.seed=N` repeats one run.
  public static void holds(Check check) {
    Long only = Long.getLong("podbond.seed");
    if (only != null) {
      run(check, only);
      return;
    }
    long start = System.nanoTime();
    for (int i = 0; i < RUNS; i++) {
      run(check, start + i);
    }
  }

  private static void run(Check check, long seed) {
    try {
      check.on(new Random(seed));
    } catch (Throwable e) {
      throw new AssertionError("fails with -Dpodbond.seed=" + seed + ": " + e.getMessage(), e);
    }
  }
}
