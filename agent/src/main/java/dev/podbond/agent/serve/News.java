package dev.podbond.agent.serve;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// Tells listeners that what the agent knows of bonds has changed, and nothing more: whoever wants
/// to know how asks. A listener costs the agent a descriptor, and nothing while nothing happens.
/// Thread-safe.
public final class News implements AutoCloseable {
  /// For those who report to a cluster, and some who look on.
  static final int MOST_LISTENERS = 8;

  private final List<SocketChannel> listeners = new ArrayList<>();
  private long revision;
  private boolean closed;

  /// Something has changed. It waits for no listener: one that does not read has news already.
  public synchronized void changed() {
    revision++;
    listeners.removeIf(listener -> !tells(listener));
  }

  /// Keeps a connection that asked for news, and tells it the present revision, unless there are
  /// too many.
  ///
  /// @return whether it is kept; otherwise it is the caller's to close
  /// @throws IOException if the listener is gone already
  synchronized boolean keep(SocketChannel connection) throws IOException {
    listeners.removeIf(listener -> !isThere(listener));
    if (closed || listeners.size() >= MOST_LISTENERS) {
      return false;
    }
    connection.configureBlocking(false);
    if (tells(connection)) {
      listeners.add(connection);
    }
    return true;
  }

  private boolean tells(SocketChannel listener) {
    try {
      ByteBuffer frame = ByteBuffer.wrap(frame().toBytes());
      // Only a frame that was begun must be ended, or else the next one is not understood.
      if (listener.write(frame) == 0 || !frame.hasRemaining()) {
        return true;
      }
    } catch (IOException _) {
      // It went.
    }
    close(listener);
    return false;
  }

  private Frame frame() {
    return new Answer(0, "{\"revision\": " + revision + "}\n", "").toFrame();
  }

  /// Nobody is told that a listener has gone before there is something to tell.
  private static boolean isThere(SocketChannel listener) {
    try {
      // Whoever sends something does not listen.
      if (listener.read(ByteBuffer.allocate(1)) == 0) {
        return true;
      }
    } catch (IOException _) {
      // It went.
    }
    close(listener);
    return false;
  }

  private static void close(SocketChannel listener) {
    try {
      listener.close();
    } catch (IOException _) {
      // It is of no use to anybody any more.
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    listeners.forEach(News::close);
    listeners.clear();
  }
}
