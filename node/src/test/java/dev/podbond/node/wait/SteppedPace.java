package dev.podbond.node.wait;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A clock that advances only in its pauses, which take no time.
public final class SteppedPace implements WaitClock {
  private final List<Duration> pauses = new ArrayList<>();
  private long now = Long.MAX_VALUE - 1_000_000;

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void pause(Duration time) {
    pauses.add(time);
    now += time.toNanos();
  }

  public List<Duration> pauses() {
    return List.copyOf(pauses);
  }
}
