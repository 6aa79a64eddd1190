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

/// Bounds the memory of all calls under way together, whatever their number and content. Each call
/// holds a share: as many bytes as its text and as the files about its attachment have. It holds
/// the share from before it is parsed until it is answered.
///
/// While a call waits for an IPAM plugin, each byte of its text costs at most 16 bytes for the JSON
/// tree (`[[[…]]]`), and about 12 bytes for copies of the text: as received, as read, and as handed
/// on, two bytes a character. In addition a call costs about 22 KiB for its thread. An ADD may also
/// hold a result as large as its text. `docs/agent.md` sums it up.
///
/// A call waits only for calls of its own kind. An ADD may wait very long for an IPAM plugin, and
/// no DEL or question may have to wait for that ADD. Within a kind, small calls wait only for small
/// calls.
final class CallMemory {
  /// In bytes. A frame up to this length is read at once and held until it gets a share. It is
  /// about three times as long as a usual call.
  private static final int UNASKED_BYTES = 4 * 1024;

  /// In bytes: enough for the text and the record of a usual call.
  private static final int SMALL_BYTES = 8 * 1024;

  /// In bytes: the longest configuration, and as much again for the variables.
  static final int MOST_BYTES = 2 * NetworkConfig.LIMITS.bytes();

  private static final String COMMAND = "CNI_COMMAND";

  private final Duration patience;
  private final ToLongBiFunction<String, String> stored;
  private final Map<Kind, Places> places = new EnumMap<>(Kind.class);

  /// The kinds of calls. Calls of one kind wait for each other.
  private enum Kind {
    ADDITIONS("ADDs", 256, 128, 128),
    DELETIONS("calls", 256, 128, 128),
    /// CHECK and STATUS.
    QUESTIONS("calls", 32, 32, 72),
    /// GC. The runtime sends a long list of all attachments with it, so it has a kind of its own.
    COLLECTIONS("calls", 8, 16, 72);

    /// The name of such calls in a message.
    private final String noun;

    /// The maximum number of calls: even the smallest needs memory for its thread and for the
    /// kernel's answers.
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

  /// The free places and bytes of one kind.
  private record Places(Semaphore calls, Semaphore smallBytes, Semaphore largeBytes) {
    static Places of(Kind kind) {
      return new Places(
          new Semaphore(kind.calls),
          new Semaphore(kind.smallBytes, true),
          new Semaphore(kind.largeBytes, true));
    }
  }

  /// How many calls there may be at a time, including those that wait for a share.
  static int mostCalls() {
    int most = 0;
    for (Kind kind : Kind.values()) {
      most += kind.calls;
    }
    return most;
  }

  /// @param patience how long a call waits for its share
  /// @param stored the bytes on disk about the attachment of a container and an interface; a call
  ///   about it reads all of them
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

  /// The verb of a call; "" if it has none.
  static String verb(Frame head) {
    return variable(head, COMMAND);
  }

  private static boolean isCall(Frame head) {
    return head.knownKind().equals(Optional.of(FrameKind.CALL));
  }

  /// A turn for one connection, which gives room for its frames.
  Turn turn() {
    return new Turn();
  }

  /// Says whether there is room for a call.
  sealed interface Grant {
    /// It may be served.
    record Given() implements Grant {}

    /// It cannot be served now.
    ///
    /// @param why the reason, as the end of a sentence about the agent
    /// @param forLackOfBytes true if the kind had no bytes left, false if it had no place left
    record Refused(String why, boolean forLackOfBytes) implements Grant {}
  }

  /// The places and bytes that one connection holds until it is closed.
  final class Turn implements FrameChannel.Room, AutoCloseable {
    private Optional<Grant> grant = Optional.empty();
    private Runnable givingBack = () -> {};
    private boolean isServed;

    private Turn() {}

    /// The call is being served. From now on the connection carries only results of plugins. These
    /// never wait for a share, since other calls wait for the locks that this call holds.
    void served() {
      isServed = true;
    }

    /// Waits for a share for the received call, unless it has one.
    Grant grant(FrameChannel.Received received) throws InterruptedIOException {
      Frame frame = received.frame();
      return grant(frame.byteCount() + received.cutBytes(), frame);
    }

    @Override
    public int forFrame(int length) {
      return isServed || length <= UNASKED_BYTES ? MOST_BYTES : UNASKED_BYTES;
    }

    /// Keeps only the beginning of a long frame if it is not a call, or a call that cannot be
    /// served now.
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
            ("has had no memory for these %d bytes within %d s: other calls held all memory for"
                    + " such calls, and they wait for IPAM plugins or for each other")
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
