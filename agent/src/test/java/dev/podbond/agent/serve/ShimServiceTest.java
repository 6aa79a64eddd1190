package dev.podbond.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Who gets to the service, what it understands, and how it ends.
final class ShimServiceTest extends ShimTest {
  @Test
  void aStoppedServiceEndsAndRemovesItsSocket() throws Exception {
    assertThat(socket).exists();

    stop();

    assertThat(acceptor.isAlive()).isFalse();
    assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
  }

  /// SIGTERM may come when the agent is about to serve.
  @Test
  void aServiceStoppedBeforeItRunsEndsAtOnce() throws IOException {
    ShimService early = service(scratch.resolve("early/agent.sock"));
    early.close();
    early.run();
  }

  @Test
  void onlyTheOwnerGetsToTheSocket() throws IOException {
    assertThat(Files.getPosixFilePermissions(socket))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.getPosixFilePermissions(socket.getParent()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void aSecondAgentIsRefused() {
    assertThatThrownBy(() -> ShimListener.open(socket))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another agent answers");
  }

  @Test
  void anErrorOfThePluginIsAnAnswer() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(call("ADD", CONFIG.replace("active-backup", "1+1")).toFrame());
      Answer answer = Answer.of(agent.receive().frame());
      assertThat(answer.exitCode()).isEqualTo(1);
      assertThat(answer.stdout()).contains("\"code\": 7", "mode");
    }
  }

  @Test
  void nobodyForgesALineOfTheLog() throws Exception {
    Map<String, String> env = new HashMap<>(call("ADD", CONFIG).env());
    env.put("CNI_CONTAINERID", "x\npodbond-agent: all is well\u001b[2J");
    try (FrameChannel agent = connect()) {
      agent.send(new Call("bond", env, CONFIG).toFrame());
      assertThat(Answer.of(agent.receive().frame()).exitCode()).isEqualTo(1);
    }
    assertThat(logged.toString(StandardCharsets.UTF_8))
        .contains("x<000a>podbond-agent: all is well<001b>[2J")
        .doesNotContain("\npodbond-agent: all is well", "\u001b");
  }

  @Test
  void unknownFramesAreSkippedOrAnsweredWithUnsupported() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(new Frame(200, List.of()));
      agent.send(new Frame(100, List.of()));
      Frame unsupported = agent.receive().frame();
      assertThat(unsupported.knownKind()).contains(FrameKind.UNSUPPORTED);
      assertThat(unsupported.number(Tag.KIND, 1)).isEqualTo(100);
      agent.send(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "bonds"));
      assertThat(Answer.of(agent.receive().frame()).stdout()).isEqualTo("about bonds");
    }
  }

  /// Whoever asks for metrics would else have the agent's whole memory collected each time.
  @Test
  void aQuestionIsNoWorkAndACallIs() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(query()).isEqualTo("about bonds");
    }
    assertThat(answerTo(call("DEL", WITHOUT_IPAM)).exitCode()).isZero();
    stop();
    assertThat(activities).as("when serving begins, and after the call").hasValue(2);
  }

  @Test
  void nonsenseEndsOnlyItsOwnConnection() throws IOException {
    try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      raw.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      assertThat(isOver(raw)).isTrue();
    }
    assertThat(query()).isEqualTo("about bonds");
    assertThat(answerTo(call("DEL", WITHOUT_IPAM)).exitCode()).isZero();
  }

  /// If the other side left bytes unread, the kernel resets the connection instead of ending it.
  private static boolean isOver(SocketChannel connection) {
    try {
      return connection.read(ByteBuffer.allocate(1)) < 0;
    } catch (IOException _) {
      return true;
    }
  }

  @Test
  void aConnectionThatSaysNothingIsNoCall() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(Frame.of(FrameKind.CALL));
      assertThatThrownBy(agent::receive).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void whileStoppingNewCallsAreToldToTryAgain() throws Exception {
    try (FrameChannel underWay = connect()) {
      underWay.send(call("DEL", CONFIG).toFrame());
      assertThat(underWay.receive().frame().knownKind()).contains(FrameKind.RUN);
      Thread stopping =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  service.close();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      while (stopping.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      try (FrameChannel late = connect()) {
        late.send(call("ADD", CONFIG).toFrame());
        assertThat(Answer.of(late.receive().frame()).stdout()).contains("\"code\": 11", "stopped");
      }
      underWay.send(ran(0, 0, ""));
      assertThat(Answer.of(underWay.receive().frame()).exitCode()).isZero();
      stopping.join();
    }
  }
}
