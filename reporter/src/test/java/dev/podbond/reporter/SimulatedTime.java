package dev.podbond.reporter;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Time that passes only while somebody waits for it, and what happens meanwhile. At its end
/// whoever waits is interrupted.
final class SimulatedTime implements Waiting {
  /// As if the machine had run for a while.
  private static final Duration START = Duration.ofHours(5);

  private final PriorityQueue<Happening> happenings =
      new PriorityQueue<>(
          Comparator.comparing(Happening::time).thenComparingInt(Happening::number));
  private final Duration end;
  private Duration now = START;
  private int count;

  private record Happening(Duration time, int number, Step step) {}

  /// What happens.
  interface Step {
    void run() throws Exception;
  }

  /// @param length how much time there is
  SimulatedTime(Duration length) {
    end = START.plus(length);
  }

  /// Has something happen.
  ///
  /// @param since after the start
  void at(Duration since, Step step) {
    happenings.add(new Happening(START.plus(since), count++, step));
  }

  /// Has something happen again and again.
  void each(Duration interval, Step step) {
    for (Duration since = interval;
        START.plus(since).compareTo(end) <= 0;
        since = since.plus(interval)) {
      at(since, step);
    }
  }

  /// How much time has passed.
  Duration passed() {
    return now.minus(START);
  }

  @Override
  public Duration now() {
    return now;
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    Duration until = now.plus(time);
    while (happensUntil(until)) {
      // The next one.
    }
  }

  @Override
  public boolean await(Signal signal, Duration most) throws InterruptedException {
    Duration until = now.plus(most);
    while (!signal.await(Duration.ZERO)) {
      if (!happensUntil(until)) {
        return signal.await(Duration.ZERO);
      }
    }
    return true;
  }

  /// Whether something happens until a time. If not, it is that time.
  private boolean happensUntil(Duration time) throws InterruptedException {
    Happening next = happenings.peek();
    if (next == null || next.time().compareTo(time) > 0) {
      if (time.compareTo(end) > 0) {
        now = end;
        throw new InterruptedException("the end of time");
      }
      now = time;
      return false;
    }
    happenings.remove();
    now = next.time();
    try {
      next.step().run();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return true;
  }
}
