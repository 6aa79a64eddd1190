package dev.podbond.agent.serve;

import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.Tag;
import dev.podbond.cni.spec.NetworkConfig;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Bounds the memory that calls take together. What a configuration costs is some thirty times its
/// text: those of usual length are served as they come, the few that are larger some at a time. A
/// large call waits for large calls of its own kind alone: for an ADD, which may wait for an IPAM
/// plugin as long as that likes, no DEL and no question has to wait.
final class LargeCalls {
  /// Ten times a usual call.
  private static final int USUAL_BYTES = 8 * 1024;

  /// The longest configuration, and as much for the variables.
  static final int MOST_BYTES = 2 * NetworkConfig.LIMITS.bytes();

  private final Duration patience;
  private final Map<Lane, Semaphore> lanes = new EnumMap<>(Lane.class);

  /// Calls that wait for each other.
  private enum Lane {
    ADDITIONS(4),
    DELETIONS(4),
    /// CHECK, STATUS, and whatever is no call.
    QUESTIONS(2),
    /// Its list of every attachment is long: by itself.
    COLLECTIONS(1);

    private final int atATime;

    Lane(int atATime) {
      this.atATime = atATime;
    }

    static Lane of(Frame head) {
      return head.texts(Tag.ENV).stream()
          .filter(variable -> variable.startsWith(COMMAND))
          .findFirst()
          .map(variable ->
              switch (variable.substring(COMMAND.length())) {
                case "ADD" -> ADDITIONS;
                case "DEL" -> DELETIONS;
                case "GC" -> COLLECTIONS;
                default -> QUESTIONS;
              })
          .orElse(QUESTIONS);
    }
  }

  private static final String COMMAND = "CNI_COMMAND=";

  /// @param patience how long a call waits for its turn
  LargeCalls(Duration patience) {
    this.patience = patience;
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new Semaphore(lane.atATime, true));
    }
  }

  /// Room for the frames of one connection.
  Turn turn() {
    return new Turn();
  }

  /// What one connection holds, until it is closed.
  final class Turn implements FrameChannel.Room, AutoCloseable {
    private Optional<Semaphore> held = Optional.empty();
    private boolean isServed;

    private Turn() {}

    /// From now on only results come, which wait for nobody: the call has what others wait for.
    void served() {
      isServed = true;
    }

    @Override
    public int forFrame(int length) {
      return isServed || length <= USUAL_BYTES ? MOST_BYTES : USUAL_BYTES;
    }

    @Override
    public int forFrame(int length, Frame head) throws IOException {
      if (isServed) {
        return MOST_BYTES;
      }
      Lane lane = Lane.of(head);
      if (held.isEmpty()) {
        Semaphore turns = Objects.requireNonNull(lanes.get(lane));
        await(turns);
        held = Optional.of(turns);
      }
      return lane == Lane.COLLECTIONS
          ? NetworkConfig.GC_LIMITS.bytes() + NetworkConfig.LIMITS.bytes()
          : MOST_BYTES;
    }

    private void await(Semaphore turns) throws IOException {
      try {
        if (!turns.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
          throw new IOException(
              "no room for a large call within "
                  + patience.toSeconds()
                  + " s, since others of its kind were being served");
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for room");
      }
    }

    @Override
    public void close() {
      held.ifPresent(Semaphore::release);
    }
  }
}
