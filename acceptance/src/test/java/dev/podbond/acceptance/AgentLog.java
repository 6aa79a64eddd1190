package dev.podbond.acceptance;

import java.util.concurrent.Callable;

/// The agent's log lines about its own actions.
final class AgentLog {
  private AgentLog() {}

  /// The agent deletes the record first and then logs that.
  static void awaitRemoval(String pod, Callable<String> log) throws Exception {
    Eventually.is(
        "the agent's log says what was removed, and why",
        () ->
            log.call()
                .lines()
                .anyMatch(line -> line.contains("removed " + pod) && line.endsWith("is gone")));
  }
}
