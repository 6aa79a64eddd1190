package dev.podbond.cli.command;

import java.time.Duration;

/// Tells when an agent may have something new to say of its bonds.
interface BondNews extends AutoCloseable {
  /// Waits until there may be something new, at most so long.
  ///
  /// @return whether the agent is the same as before, as far as this knows
  boolean await(Duration atMost) throws InterruptedException;

  @Override
  void close();
}
