package dev.podbond.node.wait;

import java.time.Duration;

/// The time of a caller that waits: a clock that only goes forward, and a way to let time pass.
public interface WaitClock {
  /// The machine's own clock and [Thread#sleep].
  WaitClock SYSTEM =
      new WaitClock() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
          Thread.sleep(time);
        }
      };

  /// Nanoseconds since some fixed moment, as [System#nanoTime].
  long nanoTime();

  /// Returns when `time` has passed.
  void pause(Duration time) throws InterruptedException;
}
