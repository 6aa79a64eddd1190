package dev.podbond.bonding.model;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.change.ChangeFailedException;
import dev.podbond.bonding.change.Kernel;

/// A kernel that refuses one change, whose answer to it is lost, or that kills the process with it.
public final class FaultyKernel implements Kernel {
  /// The process is gone: nobody may catch this, and nothing is undone.
  public static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private enum Kind {
    REFUSES,
    KILLS,
    IS_NOT_HEARD,
    DOES_NOT_HEAR
  }

  private final Kernel kernel;
  private final Kind kind;
  private int left;

  private FaultyKernel(Kernel kernel, int changes, Kind kind) {
    this.kernel = kernel;
    this.left = changes;
    this.kind = kind;
  }

  /// Makes `changes` changes and refuses the next one.
  public static FaultyKernel failingAfter(int changes, Kernel kernel) {
    return new FaultyKernel(kernel, changes, Kind.REFUSES);
  }

  /// Makes `changes` changes and throws [Killed] at the next one.
  public static FaultyKernel killedAfter(int changes, Kernel kernel) {
    return new FaultyKernel(kernel, changes, Kind.KILLS);
  }

  /// Makes `changes` changes; the answer to the next one is lost.
  ///
  /// @param made whether that change was made nevertheless
  public static FaultyKernel unheardAfter(int changes, boolean made, Kernel kernel) {
    return new FaultyKernel(kernel, changes, made ? Kind.IS_NOT_HEARD : Kind.DOES_NOT_HEAR);
  }

  @Override
  public void apply(Change change) throws ChangeFailedException {
    if (left-- != 0) {
      kernel.apply(change);
      return;
    }
    switch (kind) {
      case KILLS -> throw new Killed();
      case REFUSES -> throw new ChangeFailedException(change, "EIO", "injected fault");
      case IS_NOT_HEARD -> {
        kernel.apply(change);
        throw ChangeFailedException.unanswered(change, "ENOBUFS", "injected fault");
      }
      case DOES_NOT_HEAR ->
          throw ChangeFailedException.unanswered(change, "ENOBUFS", "injected fault");
    }
  }
}
