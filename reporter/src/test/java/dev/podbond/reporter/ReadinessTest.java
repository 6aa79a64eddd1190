package dev.podbond.reporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadinessTest {
  @TempDir Path directory;

  private int probe() throws IOException {
    try (FrameChannel reporter =
        new FrameChannel(
            SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("ready.sock"))),
            1024)) {
      reporter.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "alive"));
      return Answer.of(reporter.receive().frame()).exitCode();
    }
  }

  @Test
  void tellsKubeletInThePlaceOfAnEarlierReporter() throws Exception {
    Path socket = Files.createFile(directory.resolve("ready.sock"));
    AtomicBoolean ready = new AtomicBoolean();
    try (Readiness readiness = Readiness.open(socket, ready::get)) {
      Thread.ofPlatform().daemon().start(readiness);
      assertThat(probe()).isEqualTo(1);
      ready.set(true);
      assertThat(probe()).isZero();

      // A probe that kubelet gave up.
      SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
      assertThat(probe()).isZero();
    }
  }
}
