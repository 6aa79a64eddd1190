package dev.podbond.acceptance;

import java.util.concurrent.Callable;

/// What an agent says that it does by itself.
final class AgentLog {
  private AgentLog() {}

  /// The record goes first, and then the agent says so.
  static void awaitRemoval(String pod, Callable<String> log) throws Exception {
    Eventually.is(
        "the agent's log says what was removed, and why",
        () ->
            log.call()
                .lines()
                .anyMatch(line -> line.contains("removed " + pod) && line.endsWith("is gone")));
  }
}
