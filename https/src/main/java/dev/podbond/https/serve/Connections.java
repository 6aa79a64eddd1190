package dev.podbond.https.serve;

import java.net.Socket;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// All connections of a server, and the bytes of their bodies. If there are too many of either, one
/// is closed. For the bytes it is the one that has been quiet for longest; for a place, of those
/// that never had a good answer the one that has been quiet for longest, since an honest client
/// needs milliseconds. Only without such a one somebody goes who had a good answer, and last of all
/// who is just sent one. A request that is being answered is not given up.
///
/// Where anybody gets a good answer, that tells little of him. So when those who had one hold more
/// than half of the places, they are the first to go.
final class Connections implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Connections.class.getName());
  private static final long SWEEP_MILLIS = 200;

  private static final Comparator<Connection> LONGEST_QUIET =
      (one, other) -> Long.signum(one.quietSince() - other.quietSince());

  private final Limits limits;
  private final Set<Connection> open = new HashSet<>();
  private final ScheduledExecutorService sweeps =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sweep-connections").factory());
  private int heldBytes;

  /// While there are connections: a server that nobody asks wakes up for nothing.
  private Optional<ScheduledFuture<?>> sweeping = Optional.empty();

  Connections(Limits limits) {
    this.limits = limits;
  }

  /// Takes a connection in. If this fails, nothing of it is kept, and its socket is the caller's to
  /// close.
  synchronized Connection admit(Socket socket) {
    while (open.size() >= limits.connections() && endLeastWanted()) {
      // Ends them one at a time.
    }
    Connection connection = new Connection(socket, limits.request());
    if (sweeping.isEmpty() && !sweeps.isShutdown()) {
      sweeping =
          Optional.of(
              sweeps.scheduleWithFixedDelay(
                  this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS));
    }
    open.add(connection);
    return connection;
  }

  /// Closes one, for example when the process cannot open more.
  synchronized void makeRoom() {
    endLeastWanted();
  }

  synchronized void leave(Connection connection) {
    try {
      connection.drop();
    } finally {
      open.remove(connection);
      hold(connection, 0);
    }
  }

  /// Whether a connection may hold this many bytes of a body. For bytes whoever was quiet for
  /// longest has to go, whoever he is: somebody known could otherwise fill them all, and each
  /// newcomer would make room for him.
  synchronized boolean reserve(Connection connection, int bytes) {
    while (heldBytes - connection.heldBytes() + bytes > limits.allBodiesBytes()) {
      boolean isRoomMade =
          endFirst(
              other -> other != connection && other.heldBytes() > 0,
              Comparator.comparing(Connection::isSentGoodAnswer).thenComparing(LONGEST_QUIET));
      if (!isRoomMade) {
        return false;
      }
    }
    if (!open.contains(connection)) {
      return false;
    }
    hold(connection, bytes);
    return true;
  }

  synchronized void release(Connection connection) {
    hold(connection, 0);
  }

  synchronized int size() {
    return open.size();
  }

  private void hold(Connection connection, int bytes) {
    heldBytes += bytes - connection.heldBytes();
    connection.hold(bytes);
  }

  private boolean endLeastWanted() {
    boolean strangersGoFirst =
        open.stream().filter(Connection::isKnown).count() <= limits.connections() / 2;
    return endFirst(
        _ -> true,
        Comparator.comparing((Connection connection) -> connection.isKnown() == strangersGoFirst)
            .thenComparing(Connection::isSentGoodAnswer)
            .thenComparing(LONGEST_QUIET));
  }

  private boolean endFirst(Predicate<Connection> candidate, Comparator<Connection> order) {
    Optional<Connection> first =
        open.stream().filter(connection -> !connection.isAtWork()).filter(candidate).min(order);
    first.ifPresent(this::leave);
    return first.isPresent();
  }

  private synchronized void sweep() {
    long now = System.nanoTime();
    for (Connection over : open.stream().filter(connection -> connection.isOver(now)).toList()) {
      try {
        leave(over);
      } catch (RuntimeException | Error e) {
        // Otherwise the executor would sweep no more.
        LOG.log(System.Logger.Level.ERROR, "a connection that is over cannot be closed", e);
      }
    }
    if (open.isEmpty()) {
      sweeping.ifPresent(task -> task.cancel(false));
      sweeping = Optional.empty();
    }
  }

  @Override
  public synchronized void close() {
    sweeps.shutdownNow();
    open.forEach(Connection::drop);
    open.clear();
  }
}
