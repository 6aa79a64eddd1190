package dev.podbond.reporter;

import java.time.Duration;

/// Lets a thread wait, by a clock that only goes forward, from any beginning.
interface Waiting {
  /// As time passes.
  Waiting USUAL =
      new Waiting() {
        @Override
        public Duration now() {
          return Duration.ofNanos(System.nanoTime());
        }

        @Override
        public void sleep(Duration time) throws InterruptedException {
          Thread.sleep(time);
        }

        @Override
        public boolean await(Signal signal, Duration most) throws InterruptedException {
          return signal.await(most);
        }
      };

  /// The present time.
  Duration now();

  /// Waits for so long.
  void sleep(Duration time) throws InterruptedException;

  /// Waits until a signal is raised, at most so long; whether it was.
  boolean await(Signal signal, Duration most) throws InterruptedException;
}
