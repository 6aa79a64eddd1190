package dev.podbond.agent.serve;

import java.time.Duration;

/// Ends the connection to a shim that takes too long.
@FunctionalInterface
interface ConnectionTimeout {
  /// A planned end of the connection. Closing this in time cancels it.
  @FunctionalInterface
  interface Pending extends AutoCloseable {
    @Override
    void close();
  }

  /// Closes the connection after this time. A thread that waits on it then gets an
  /// [java.nio.channels.AsynchronousCloseException].
  Pending after(Duration limit);
}
