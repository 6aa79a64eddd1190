package dev.podbond.agent.serve;

import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.Tag;
import dev.podbond.cni.spec.NetworkConfig;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Bounds the memory that calls take together. What a configuration costs is some thirty times its
/// text: those of usual length are served as they come, the few that are larger some at a time, and
/// GC with its list of every attachment by itself. A large call waits for large calls alone.
final class LargeCalls {
  /// Ten times a usual call.
  private static final int USUAL_BYTES = 8 * 1024;

  /// The longest configuration, and as much for the variables.
  static final int MOST_BYTES = 2 * NetworkConfig.LIMITS.bytes();

  private static final int AT_A_TIME = 4;

  private final Semaphore large = new Semaphore(AT_A_TIME, true);
  private final Semaphore collecting = new Semaphore(1, true);
  private final Duration patience;

  /// @param patience how long a call waits for its turn
  LargeCalls(Duration patience) {
    this.patience = patience;
  }

  /// Room for the frames of one connection.
  Turn turn() {
    return new Turn();
  }

  /// What one connection holds, until it is closed.
  final class Turn implements FrameChannel.Room, AutoCloseable {
    private boolean isLarge;
    private boolean isCollecting;
    private boolean isServed;

    private Turn() {}

    /// From now on only results come, which wait for nobody: the call has what others wait for.
    void served() {
      isServed = true;
    }

    @Override
    public int forFrame(int length) throws IOException {
      if (length > USUAL_BYTES && !isLarge && !isServed) {
        await(large);
        isLarge = true;
      }
      return MOST_BYTES;
    }

    @Override
    public int forFrame(int length, Frame head) throws IOException {
      if (isServed || !head.texts(Tag.ENV).contains("CNI_COMMAND=GC")) {
        return MOST_BYTES;
      }
      if (!isCollecting) {
        await(collecting);
        isCollecting = true;
      }
      return NetworkConfig.GC_LIMITS.bytes() + NetworkConfig.LIMITS.bytes();
    }

    private void await(Semaphore turns) throws IOException {
      try {
        if (!turns.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
          throw new IOException(
              "no room for a large call within "
                  + patience.toSeconds()
                  + " s, since others were being served");
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for room");
      }
    }

    @Override
    public void close() {
      if (isLarge) {
        large.release();
      }
      if (isCollecting) {
        collecting.release();
      }
    }
  }
}
