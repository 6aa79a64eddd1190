package dev.podbond.agent.serve;

import java.time.Duration;
import java.util.Optional;

/// Warnings for which whoever asks is the reason: nobody fills the log by asking. Thread-safe.
public final class RareWarning {
  private static final Duration REST = Duration.ofMinutes(1);

  private final AgentLog log;
  private Optional<Long> last = Optional.empty();

  /// Warnings in this log.
  public RareWarning(AgentLog log) {
    this.log = log;
  }

  /// Logs a problem that a person should look at, unless there was another within a minute.
  public synchronized void warn(String problem) {
    long now = System.nanoTime();
    if (last.filter(then -> now - then < REST.toNanos()).isEmpty()) {
      last = Optional.of(now);
      log.warn(problem);
    }
  }
}
