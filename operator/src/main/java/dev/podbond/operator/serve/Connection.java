package dev.podbond.operator.serve;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/// A client's connection, which ends at its deadline or when its place is needed.
final class Connection {
  private final Socket socket;
  private volatile long quietSince = System.nanoTime();
  private volatile long deadline = quietSince;
  private volatile boolean atWork;
  private volatile int heldBytes;

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

  /// The socket itself, as a TLS connection that says goodbye may wait for its peer.
  void drop() {
    try {
      socket.close();
    } catch (IOException _) {
      // Closed is what it was to be.
    }
  }
}
