package dev.podbond.operator.wrong;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/// Breaks the rule on the calendar. Nothing calls it.
public final class CalendarReader {
  private CalendarReader() {}

  static Instant asks() {
    return Instant.now();
  }

  static long asksInMilliseconds() {
    return System.currentTimeMillis();
  }

  static InstantSource passesItOn() {
    return InstantSource.system();
  }

  static Clock passesAClockOn() {
    return Clock.systemUTC();
  }

  static Supplier<Instant> passesTheCallOn() {
    return Instant::now;
  }
}
