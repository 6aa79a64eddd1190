package dev.podbond.https.serve;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/// A client's connection, which ends at its deadline or when the server needs its place.
final class Connection {
  private final Socket socket;
  private volatile long quietSince = System.nanoTime();
  private volatile long deadline = quietSince;
  private volatile boolean atWork;
  private volatile boolean sentGoodAnswer;
  private volatile boolean hadGoodAnswer;
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

  /// The time of its last answer, or of its arrival; comparable to [System#nanoTime].
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

  /// Whether its request is complete and being answered: then the client is not to blame for the
  /// delay.
  boolean isAtWork() {
    return atWork;
  }

  void atWork(boolean now) {
    atWork = now;
  }

  /// Whether it is being sent an answer that was worth a request.
  boolean isSentGoodAnswer() {
    return sentGoodAnswer;
  }

  /// Whether it is sent one or has had one: then its client is no stranger.
  boolean isKnown() {
    return sentGoodAnswer || hadGoodAnswer;
  }

  void sendsGoodAnswer() {
    sentGoodAnswer = true;
  }

  void hasSent() {
    if (sentGoodAnswer) {
      hadGoodAnswer = true;
      sentGoodAnswer = false;
    }
  }

  /// Its share of the bytes of all bodies; only [Connections] writes it.
  int heldBytes() {
    return heldBytes;
  }

  void hold(int bytes) {
    heldBytes = bytes;
  }

  /// Marks its thread as waiting with a complete request. The thread is interrupted if the
  /// connection is dropped: otherwise it would hold memory that is no longer counted.
  ///
  /// @return whether the connection still exists
  synchronized boolean waits() {
    waiting = Optional.of(Thread.currentThread());
    return !dropped;
  }

  synchronized void waitsNoLonger() {
    waiting = Optional.empty();
  }

  /// Closes the socket itself, since closing a TLS connection may wait for the peer.
  void drop() {
    synchronized (this) {
      dropped = true;
      waiting.ifPresent(Thread::interrupt);
    }
    try {
      socket.close();
    } catch (IOException _) {
      // It was to be closed anyway.
    }
  }
}
