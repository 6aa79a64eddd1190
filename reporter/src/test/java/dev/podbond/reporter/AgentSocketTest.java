package dev.podbond.reporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.metrics.Detail;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the agent is asked for metrics.
final class AgentSocketTest {
  @TempDir Path directory;

  @Test
  void anAnswerComesAsItIs() throws Exception {
    try (FakeAgent agent = new FakeAgent(directory.resolve("agent.sock"))) {
      agent.answer("# HELP podbond_bond_up …\n");
      assertThat(agent.socket().metrics(Detail.BOND))
          .isEqualTo("# HELP podbond_bond_up …\n".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void anAgentThatSaysNothingIsGivenUp() throws Exception {
    Path socket = directory.resolve("silent.sock");
    try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.bind(UnixDomainSocketAddress.of(socket));
      assertThatThrownBy(
              () -> new AgentSocket(socket).metrics(Detail.MEMBER, Duration.ofMillis(50)))
          .isInstanceOf(IOException.class)
          .hasMessage("no whole answer within 50 ms");
    }
  }
}
