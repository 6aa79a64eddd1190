package dev.podbond.agent.serve;

import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.cni.spec.NetworkConfig;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongBiFunction;

/// Bounds the memory that calls under way take together, however many there are and whatever they
/// say. Each holds a share of so many bytes as its text has, and what is on the disk about its
/// attachment, from before it is parsed until it is answered.
///
/// What a byte of text costs while its call waits for an IPAM plugin: at most 16 bytes of the tree
/// (`[[[…]]]`), and some 12 for the text, as it came, as it is read and as it is handed on, two
/// bytes a character. A call costs some 22 KiB besides, for its thread. An ADD may hold a result of
/// the size of its text as well. `docs/agent.md` sums it up.
///
/// Calls wait for calls of their own kind alone: for an ADD, which may wait for an IPAM plugin as
/// long as that likes, no DEL and no question has to wait; and small ones wait for small ones.
final class CallMemory {
  /// Read as it comes, and held as it came until there is a share for it. Three times a usual call.
  private static final int UNASKED_BYTES = 4 * 1024;

  /// Text and record of a usual call, with room.
  private static final int SMALL_BYTES = 8 * 1024;

  /// The longest configuration, and as much for the variables.
  static final int MOST_BYTES = 2 * NetworkConfig.LIMITS.bytes();

  private static final String COMMAND = "CNI_COMMAND";

  private final Duration patience;
  private final ToLongBiFunction<String, String> stored;
  private final Map<Kind, Places> places = new EnumMap<>(Kind.class);

  /// Calls that wait for each other.
  private enum Kind {
    ADDITIONS("ADDs", 256, 128, 128),
    DELETIONS("calls", 256, 128, 128),
    /// CHECK and STATUS.
    QUESTIONS("calls", 32, 32, 72),
    /// Its list of every attachment, which the runtime makes, is long: by itself.
    COLLECTIONS("calls", 8, 16, 72);

    /// What a call is called in a message.
    private final String noun;

    /// Even the smallest takes a thread and what it is told by the kernel.
    private final int calls;

    private final int smallBytes;
    private final int largeBytes;

    Kind(String noun, int calls, int smallKib, int largeKib) {
      this.noun = noun;
      this.calls = calls;
      this.smallBytes = smallKib * 1024;
      this.largeBytes = largeKib * 1024;
    }

    static Kind of(Frame head) {
      return switch (verb(head)) {
        case "ADD" -> ADDITIONS;
        case "DEL" -> DELETIONS;
        case "GC" -> COLLECTIONS;
        default -> QUESTIONS;
      };
    }
  }

  /// What there is for one kind.
  private record Places(Semaphore calls, Semaphore smallBytes, Semaphore largeBytes) {
    static Places of(Kind kind) {
      return new Places(
          new Semaphore(kind.calls),
          new Semaphore(kind.smallBytes, true),
          new Semaphore(kind.largeBytes, true));
    }
  }

  /// How many calls there may be at one time, those that wait for a share included.
  static int mostCalls() {
    int most = 0;
    for (Kind kind : Kind.values()) {
      most += kind.calls;
    }
    return most;
  }

  /// @param patience how long a call waits for its share
  /// @param stored how many bytes are on the disk about the attachment of a container and an
  ///   interface, all of which are read for a call about it
  CallMemory(Duration patience, ToLongBiFunction<String, String> stored) {
    this.patience = patience;
    this.stored = stored;
    for (Kind kind : Kind.values()) {
      places.put(kind, Places.of(kind));
    }
  }

  private static String variable(Frame head, String name) {
    return head.texts(Tag.ENV).stream()
        .filter(variable -> variable.startsWith(name + "="))
        .findFirst()
        .map(variable -> variable.substring(name.length() + 1))
        .orElse("");
  }

  /// The verb of a call; "" if there is none.
  static String verb(Frame head) {
    return variable(head, COMMAND);
  }

  private static boolean isCall(Frame head) {
    return head.knownKind().equals(Optional.of(FrameKind.CALL));
  }

  /// Room for the frames of one connection.
  Turn turn() {
    return new Turn();
  }

  /// Whether there is room for a call.
  sealed interface Grant {
    /// It may be served.
    record Given() implements Grant {}

    /// It cannot be served now.
    ///
    /// @param why in a sentence
    /// @param forLackOfBytes and not of places
    record Refused(String why, boolean forLackOfBytes) implements Grant {}
  }

  /// What one connection holds, until it is closed.
  final class Turn implements FrameChannel.Room, AutoCloseable {
    private Optional<Grant> grant = Optional.empty();
    private Runnable givingBack = () -> {};
    private boolean isServed;

    private Turn() {}

    /// From now on only results come, which wait for nobody: the call has what others wait for.
    void served() {
      isServed = true;
    }

    /// Waits for the share of the call that was received, if it has not got one yet.
    Grant grant(FrameChannel.Received received) throws InterruptedIOException {
      Frame frame = received.frame();
      return grant(frame.byteCount() + received.cutBytes(), frame);
    }

    @Override
    public int forFrame(int length) {
      return isServed || length <= UNASKED_BYTES ? MOST_BYTES : UNASKED_BYTES;
    }

    /// Of a call that cannot be served now, and of whatever else is long, the rest is read past.
    @Override
    public int forFrame(int length, Frame head) throws InterruptedIOException {
      if (isServed) {
        return MOST_BYTES;
      }
      if (!isCall(head) || grant(length, head) instanceof Grant.Refused) {
        return UNASKED_BYTES;
      }
      return Kind.of(head) == Kind.COLLECTIONS
          ? NetworkConfig.GC_LIMITS.bytes() + NetworkConfig.LIMITS.bytes()
          : MOST_BYTES;
    }

    private Grant grant(int length, Frame head) throws InterruptedIOException {
      if (grant.isEmpty()) {
        grant = Optional.of(ask(length, Kind.of(head), head));
      }
      return grant.get();
    }

    private Grant ask(int length, Kind kind, Frame head) throws InterruptedIOException {
      Places there = Objects.requireNonNull(places.get(kind));
      if (!there.calls.tryAcquire()) {
        return new Grant.Refused(
            "is serving %d %s already, which wait for IPAM plugins or for each other"
                .formatted(kind.calls, kind.noun),
            false);
      }
      givingBack = there.calls::release;
      long bytes = length + storedBytes(head);
      boolean isSmall = bytes <= SMALL_BYTES;
      Semaphore free = isSmall ? there.smallBytes : there.largeBytes;
      int share = (int) Math.min(bytes, isSmall ? kind.smallBytes : kind.largeBytes);
      if (!acquired(free, share)) {
        return new Grant.Refused(
            ("has had no memory for these %d bytes within %d s, since as much as there is for such"
                    + " calls was held by others, which wait for IPAM plugins or for each other")
                .formatted(bytes, patience.toSeconds()),
            true);
      }
      givingBack =
          () -> {
            free.release(share);
            there.calls.release();
          };
      return new Grant.Given();
    }

    private boolean acquired(Semaphore free, int share) throws InterruptedIOException {
      try {
        return free.tryAcquire(share, patience.toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for memory");
      }
    }

    private long storedBytes(Frame head) {
      String container = variable(head, "CNI_CONTAINERID");
      String ifname = variable(head, "CNI_IFNAME");
      return container.isEmpty() || ifname.isEmpty() ? 0 : stored.applyAsLong(container, ifname);
    }

    @Override
    public void close() {
      givingBack.run();
      givingBack = () -> {};
    }
  }
}
