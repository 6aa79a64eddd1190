package dev.podbond.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What is said where the agent's socket answers nothing.
final class AgentSocketTest {
  private static final Path SOCKET = Path.of("/run/podbond/agent.sock");

  /// A test that runs as root is refused nothing, so the refusal is made up here.
  @Test
  void whoMayNotAskIsToldSoAndNotThatTheAgentIsGone() {
    assertThat(AgentSocket.failure(SOCKET, new BindException("Permission denied")))
        .isInstanceOf(NotAllowedException.class)
        .hasMessage(
            "the agent cannot be asked on /run/podbond/agent.sock: Permission denied; ask as root");
  }

  @Test
  void anyOtherFailureIsTheAgents() {
    assertThat(AgentSocket.failure(SOCKET, new ConnectException("Connection refused")))
        .isNotInstanceOf(NotAllowedException.class)
        .hasMessage(
            "no agent answers on /run/podbond/agent.sock: Connection refused; look at `systemctl"
                + " status podbond-agent`");
  }
}
