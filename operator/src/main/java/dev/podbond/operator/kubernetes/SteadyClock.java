package dev.podbond.operator.kubernetes;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// The time for whatever has to last for a while. It begins at the calendar's time and from then on
/// only goes forward, as fast as time passes: whoever sets the calendar back or forward, as NTP
/// does after a start, makes nothing last longer or shorter. It is no time to be told to anybody.
public final class SteadyClock implements InstantSource {
  private final Instant start;
  private final LongSupplier nanoTime;
  private final long begin;

  /// A clock that begins now.
  public SteadyClock() {
    this(InstantSource.system(), System::nanoTime);
  }

  /// @param calendar is asked once
  /// @param nanoTime the time that has passed, as [System#nanoTime]
  SteadyClock(InstantSource calendar, LongSupplier nanoTime) {
    start = calendar.instant();
    this.nanoTime = nanoTime;
    begin = nanoTime.getAsLong();
  }

  @Override
  public Instant instant() {
    return start.plusNanos(nanoTime.getAsLong() - begin);
  }
}
