package dev.podbond.cli.command;

import java.time.Duration;
import java.time.Instant;

/// A time that passes only while somebody waits for it.
final class FakeTime implements Timepiece {
  private Duration elapsed = Duration.ofDays(1);

  @Override
  public synchronized Duration elapsed() {
    return elapsed;
  }

  @Override
  public Instant now() {
    return Instant.parse("2026-01-02T04:00:00Z");
  }

  @Override
  public synchronized void sleep(Duration time) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    elapsed = elapsed.plus(time);
  }
}
