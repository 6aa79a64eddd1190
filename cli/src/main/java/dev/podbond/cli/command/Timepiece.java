package dev.podbond.cli.command;

import java.time.Duration;
import java.time.Instant;

/// The time for commands that wait.
interface Timepiece {
  /// That of this machine.
  Timepiece REAL =
      new Timepiece() {
        @Override
        public Duration elapsed() {
          return Duration.ofNanos(System.nanoTime());
        }

        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public void sleep(Duration time) throws InterruptedException {
          Thread.sleep(time);
        }
      };

  /// The time since an arbitrary moment, the same for all calls.
  Duration elapsed();

  /// The time of day.
  Instant now();

  /// Waits.
  void sleep(Duration time) throws InterruptedException;
}
