package dev.podbond.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Nobody fills the log by asking.
final class RareWarningTest {
  @Test
  void theFirstOfAMinuteIsLogged() {
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    RareWarning problems =
        new RareWarning(new AgentLog(new PrintStream(logged, true, StandardCharsets.UTF_8)));
    for (int i = 0; i < 1_000; i++) {
      problems.warn("problem " + i);
    }
    assertThat(logged.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("podbond-agent: warning: problem 0");
  }
}
