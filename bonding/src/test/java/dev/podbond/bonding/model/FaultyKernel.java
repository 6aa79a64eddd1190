package dev.podbond.bonding.model;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;

/// A kernel that refuses one change, and may take the process with it.
public final class FaultyKernel implements Kernel {
  /// The process is gone: nothing catches this, and nothing is undone.
  public static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final Kernel kernel;
  private final boolean kills;
  private int left;

  private FaultyKernel(Kernel kernel, int changes, boolean kills) {
    this.kernel = kernel;
    this.left = changes;
    this.kills = kills;
  }

  /// Makes `changes` changes and refuses the one after.
  public static FaultyKernel failingAfter(int changes, Kernel kernel) {
    return new FaultyKernel(kernel, changes, false);
  }

  /// Makes `changes` changes and throws [Killed] at the one after.
  public static FaultyKernel killedAfter(int changes, Kernel kernel) {
    return new FaultyKernel(kernel, changes, true);
  }

  @Override
  public void apply(Change change) throws ChangeFailedException {
    if (left-- == 0) {
      if (kills) {
        throw new Killed();
      }
      throw new ChangeFailedException(change, "EIO", "injected fault");
    }
    kernel.apply(change);
  }
}
