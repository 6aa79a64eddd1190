package dev.podbond.operator.serve;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/// A client's connection, which ends at its deadline or when its place is needed.
final class Connection {
  private final Socket socket;
  private volatile long quietSince = System.nanoTime();
  private volatile long deadline = quietSince;
  private volatile boolean atWork;
  private volatile int heldBytes;
  private Optional<Thread> waiting = Optional.empty();
  private boolean dropped;

  Connection(Socket socket, Duration first) {
    this.socket = socket;
    endAfter(first);
  }

  Socket socket() {
    return socket;
  }

  /// When it last was answered, or came; for [System#nanoTime].
  long quietSince() {
    return quietSince;
  }

  void answered() {
    quietSince = System.nanoTime();
  }

  void endAfter(Duration duration) {
    deadline = System.nanoTime() + duration.toNanos();
  }

  boolean isOver(long now) {
    return !atWork && now - deadline > 0;
  }

  /// Whether its request is there whole and being answered: that it is slow is not its client's
  /// doing.
  boolean isAtWork() {
    return atWork;
  }

  void atWork(boolean now) {
    atWork = now;
  }

  /// How much of all bodies is its own; written by [Connections] alone.
  int heldBytes() {
    return heldBytes;
  }

  void hold(int bytes) {
    heldBytes = bytes;
  }

  /// Its thread waits with a whole request, and is interrupted if the connection is dropped:
  /// otherwise it would go on to hold what it is not counted for any more.
  ///
  /// @return whether the connection is still there
  synchronized boolean waits() {
    waiting = Optional.of(Thread.currentThread());
    return !dropped;
  }

  synchronized void waitsNoLonger() {
    waiting = Optional.empty();
  }

  /// The socket itself, as a TLS connection that says goodbye may wait for its peer.
  void drop() {
    synchronized (this) {
      dropped = true;
      waiting.ifPresent(Thread::interrupt);
    }
    try {
      socket.close();
    } catch (IOException _) {
      // Closed is what it was to be.
    }
  }
}
