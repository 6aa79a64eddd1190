package dev.podbond.agent.serve;

import java.time.Duration;

/// Ends the connection to a shim that keeps one waiting.
@FunctionalInterface
interface ConnectionTimeout {
  /// What is going to happen, unless it is closed in time.
  @FunctionalInterface
  interface Pending extends AutoCloseable {
    @Override
    void close();
  }

  /// Closes the connection after this time: whoever waits on it then gets an
  /// [java.nio.channels.AsynchronousCloseException].
  Pending after(Duration limit);
}
