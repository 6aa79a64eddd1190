package dev.podbond.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import dev.podbond.cni.exec.PluginLimits;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whoever sends too much, or waits too long, does so at nobody else's expense.
final class ShimLimitsTest extends ShimTest {
  @Test
  void aPeerThatNeverComesToItsCallIsGivenUp() throws Exception {
    serveImpatiently();
    try (FrameChannel agent = connect()) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  agent.send(new Frame(200, List.of()));
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  /// The answer is larger than what the kernel keeps for a socket.
  @Test
  void aPeerThatDoesNotTakeItsAnswerIsGivenUp() throws Exception {
    serveImpatiently();
    try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      raw.write(ByteBuffer.wrap(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, "all").toBytes()));
      assertThat(raw.read(ByteBuffer.allocate(1))).isEqualTo(1);
      // Else the service would wait for it here, and for a minute.
      service.close();
      assertThat(logged.toString(StandardCharsets.UTF_8)).contains("a connection was given up");
    }
  }

  @Test
  void aCallThatIsTooLongIsRefused() throws IOException {
    for (int length : new int[] {65_537, 130_000, 3_000_000}) {
      try (FrameChannel agent = connect()) {
        agent.send(call("ADD", " ".repeat(length)).toFrame());
        Answer answer = Answer.of(agent.receive().frame());
        assertThat(answer.stdout())
            .contains(
                "\"code\": 6",
                "the document has " + length + " bytes, of which at most 65536 are allowed");
      }
    }
  }

  @Test
  void aCallOfTooManyValuesIsRefused() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(call("ADD", "{\"name\": [" + "0,".repeat(20_000) + "0]}").toFrame());
      assertThat(Answer.of(agent.receive().frame()).stdout())
          .contains(
              "\"code\": 6", "the document has 20003 values, of which at most 10000 are allowed");
    }
  }

  /// What was refused at ADD has to end with the pod all the same.
  @Test
  void aDeletionWhoseConfigurationIsTooLongIsDone() throws IOException {
    for (String config : List.of("[" + "0,".repeat(20_000) + "0]", "x".repeat(3_000_000))) {
      try (FrameChannel agent = connect()) {
        agent.send(call("DEL", config).toFrame());
        Answer answer = Answer.of(agent.receive().frame());
        assertThat(answer.stdout()).isEmpty();
        assertThat(answer.exitCode()).isZero();
        assertThat(answer.stderr()).contains("goes on without its network configuration");
      }
    }
  }

  /// An IPAM plugin may be as slow as its author likes.
  @Test
  void callsThatWaitForIpamKeepNobodyWaiting() throws IOException {
    int most = 256;
    List<FrameChannel> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < most; i++) {
        if (i == 100) {
          assertThat(query()).isEqualTo("about bonds");
          assertThat(answerTo(call("other", "DEL", WITHOUT_IPAM)).exitCode()).isZero();
        }
        FrameChannel agent = connect();
        waiting.add(agent);
        agent.send(call("pod" + i, "DEL", CONFIG).toFrame());
        assertThat(agent.receive().frame().knownKind()).contains(FrameKind.RUN);
      }
      assertThat(answerTo(call("other", "DEL", WITHOUT_IPAM)).stdout())
          .contains("\"code\": 11", "serving 256 calls already");
      assertThat(query()).isEqualTo("about bonds");
      assertThat(answerTo(call("other", "ADD", CONFIG)).stdout()).contains("\"code\": 4");
    } finally {
      for (FrameChannel agent : waiting) {
        agent.send(ran(0, 0, ""));
        Answer _ = Answer.of(agent.receive().frame());
        agent.close();
      }
    }
    assertThat(answerTo(call("other", "DEL", WITHOUT_IPAM)).exitCode()).isZero();
  }

  /// Who hangs in IPAM with much text keeps the pods of others neither from ending nor uncertain.
  @Test
  void aDeletionForWhichThereIsNoMemoryIsLeftToItsShimAndAnAdditionIsToldSo() throws Exception {
    serveWithin(
        new ShimService.Limits(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(100)),
        PluginLimits.IPAM);
    String long64 = CONFIG.strip().replaceFirst("}$", ", \"x\": \"" + "y".repeat(60_000) + "\"}");
    List<FrameChannel> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        FrameChannel agent = connect();
        waiting.add(agent);
        agent.send(call("pod" + i, "DEL", long64).toFrame());
        assertThat(agent.receive().frame().knownKind()).contains(FrameKind.RUN);
      }
      assertThatThrownBy(() -> answerTo(call("other", "DEL", long64)))
          .isInstanceOf(IOException.class);
      isLogged("this deletion is left to be queued");
      assertThat(logged.toString(StandardCharsets.UTF_8))
          .contains("has had no memory for these 60");
      assertThat(answerTo(call("other", "DEL", WITHOUT_IPAM)).exitCode()).isZero();
      assertThat(query()).isEqualTo("about bonds");
    } finally {
      for (FrameChannel agent : waiting) {
        agent.send(ran(0, 0, ""));
        Answer _ = Answer.of(agent.receive().frame());
        agent.close();
      }
    }
    additionsAreToldSo(long64);
  }

  /// Of three that wait for a lock, with memory for two.
  private void additionsAreToldSo(String config) throws Exception {
    List<FrameChannel> additions = new ArrayList<>();
    try (FileChannel file =
            FileChannel.open(scratch.resolve("state/lock"), StandardOpenOption.WRITE);
        FileLock _ = file.lock()) {
      for (int i = 0; i < 3; i++) {
        additions.add(connect());
        additions.getLast().send(call("pod" + i, "ADD", config).toFrame());
      }
      isLogged("ADD: the agent of this node");
    }
    List<String> answers = new ArrayList<>();
    for (FrameChannel addition : additions) {
      answers.add(Answer.of(addition.receive().frame()).stdout());
      addition.close();
    }
    assertThat(answers).filteredOn(answer -> answer.contains("\"code\": 4")).hasSize(2);
    assertThat(answers)
        .filteredOn(answer -> answer.contains("\"code\": 11"))
        .singleElement()
        .asString()
        .contains("no memory for these 60", "`podbond status` answers all the same");
  }
}
