package dev.podbond.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How long whoever asks waits.
final class TimeLimitTest {
  @TempDir Path directory;

  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void anAnswerAndAFailureAreHandedOn() throws Exception {
    assertThat(TimeLimit.ofChannel(LONG, () -> "yes")).isEqualTo("yes");
    assertThat(TimeLimit.ofSocket(LONG, () -> "yes")).isEqualTo("yes");
    IOException refused = new IOException("refused");
    assertThatThrownBy(() ->
            TimeLimit.ofChannel(
                LONG,
                () -> {
                  throw refused;
                }))
        .isSameAs(refused);
    assertThatThrownBy(() ->
            TimeLimit.ofSocket(
                LONG,
                () -> {
                  throw new IllegalArgumentException("defect");
                }))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aChannelIsClosedWhenTheTimeIsOver() throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
    try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.bind(address);
      SocketChannel channel = SocketChannel.open(address);
      assertTimeoutPreemptively(
          LONG,
          () -> {
            assertThatThrownBy(() ->
                    TimeLimit.ofChannel(
                        Duration.ofMillis(50), () -> channel.read(ByteBuffer.allocate(1))))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("no whole answer within 50 ms");
            while (channel.isOpen()) {
              Thread.sleep(10);
            }
          });
    }
  }

  @Test
  void whoeverIsInterruptedWaitsNoLonger() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() ->
            TimeLimit.ofChannel(
                LONG,
                () -> {
                  throw new IOException("not waited for");
                }))
        .isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
