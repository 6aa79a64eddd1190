package dev.podbond.plugins;

import dev.podbond.bonding.change.Kernel;
import dev.podbond.node.state.StateFiles;
import java.io.IOException;
import java.nio.file.Path;

/// A process that ends at any act: a write to its disk, or a change to a kernel.
public final class MortalProcess {
  /// How many acts are made before it ends.
  private int actsLeft = Integer.MAX_VALUE;

  private int acts;

  /// The process is gone.
  public static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// What may be killed.
  public interface Work {
    /// Does it.
    void run() throws Exception;
  }

  /// The next process, which ends after so many acts.
  ///
  /// @return whether it came to the end of its work
  public boolean endsAfter(int most, Work work) throws Exception {
    acts = 0;
    actsLeft = most;
    try {
      work.run();
      return true;
    } catch (Killed _) {
      return false;
    } finally {
      actsLeft = Integer.MAX_VALUE;
    }
  }

  /// How many acts the last process made.
  public int acts() {
    return acts;
  }

  private void act() {
    if (acts >= actsLeft) {
      throw new Killed();
    }
    acts++;
  }

  /// Its disk.
  public StateFiles files() {
    return new StateFiles() {
      @Override
      public void replace(Path file, String text) throws IOException {
        act();
        DURABLE.replace(file, text);
      }

      @Override
      public boolean create(Path file, String text) throws IOException {
        act();
        return DURABLE.create(file, text);
      }

      @Override
      public boolean delete(Path file) throws IOException {
        act();
        return DURABLE.delete(file);
      }

      @Override
      public void setAside(Path file, Path aside) throws IOException {
        DURABLE.setAside(file, aside);
      }
    };
  }

  /// A kernel that it changes.
  public Kernel kernel(Kernel kernel) {
    return change -> {
      act();
      kernel.apply(change);
    };
  }
}
