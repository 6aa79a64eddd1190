package dev.podbond.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// IPAM plugins run where the shim is, and what they do there is told here.
final class ShimIpamTest extends ShimTest {
  @Test
  void ipamRunsWhereTheShimIs() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(call("DEL", CONFIG).toFrame());
      Frame run = agent.receive().frame();
      assertThat(run.knownKind()).contains(FrameKind.RUN);
      assertThat(run.text(Tag.TYPE)).contains("pool");
      assertThat(run.texts(Tag.ENV)).contains("CNI_COMMAND=DEL", "TRACEPARENT=00-1");
      assertThat(run.text(Tag.STDIN)).contains(CONFIG);
      agent.send(ran(0, 0, ""));
      assertThat(Answer.of(agent.receive().frame()).exitCode()).isZero();
    }
    assertThat(ownRuns).isEmpty();
  }

  @Test
  void whatIpamSaysIsPassedOn() throws IOException {
    for (Map.Entry<Frame, List<String>> expected :
        Map.of(
                ran(0, 1, "{\"code\": 11, \"msg\": \"pool is closed\"}"),
                List.of("pool is closed"),
                ran(2, 13, ""),
                List.of("cannot run plugin /opt/cni/bin/pool", "13"),
                ran(3, 0, ""),
                List.of("did not end within 60 s"),
                ran(4, 0, ""),
                List.of("wrote more than the 65536 bytes"))
            .entrySet()) {
      try (FrameChannel agent = connect()) {
        agent.send(call("DEL", CONFIG).toFrame());
        assertThat(agent.receive().frame().knownKind()).contains(FrameKind.RUN);
        agent.send(expected.getKey());
        Answer answer = Answer.of(agent.receive().frame());
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.stdout()).contains(expected.getValue());
      }
    }
  }

  @Test
  void aResultOfIpamThatIsTooLongIsRefused() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(call("DEL", CONFIG).toFrame());
      assertThat(agent.receive().frame().knownKind()).contains(FrameKind.RUN);
      agent.send(ran(0, 0, " ".repeat(1_000_000)));
      assertThat(Answer.of(agent.receive().frame()).stdout())
          .contains("wrote more than the 65536 bytes that are allowed");
    }
  }

  /// An attachment of which nothing is known has no address of a plugin that is not there.
  @Test
  void thatThereIsNoSuchPluginIsAWarning() throws IOException {
    try (FrameChannel agent = connect()) {
      agent.send(call("DEL", CONFIG).toFrame());
      assertThat(agent.receive().frame().knownKind()).contains(FrameKind.RUN);
      agent.send(ran(1, 0, ""));
      Answer answer = Answer.of(agent.receive().frame());
      assertThat(answer.exitCode()).isZero();
      assertThat(answer.stderr()).contains("failed to find plugin", "/opt/cni/bin");
    }
  }

  @Test
  void aShimThatGoesDoesNotKeepADeletionFromEnding() throws Exception {
    try (FrameChannel agent = connect()) {
      agent.send(call("DEL", CONFIG).toFrame());
      assertThat(agent.receive().frame().knownKind()).contains(FrameKind.RUN);
    }
    service.close();
    assertThat(ownRuns).containsExactly(Map.entry("pool", "DEL"));
  }

  /// It would keep the locks of a pod and of its VFs.
  @Test
  void aShimThatIsSilentAboutARunIsGivenUp() throws Exception {
    serveImpatiently();
    try (FrameChannel agent = connect()) {
      agent.send(call("DEL", CONFIG).toFrame());
      assertThat(agent.receive().frame().knownKind()).contains(FrameKind.RUN);
      assertThatThrownBy(agent::receive).isInstanceOf(EOFException.class);
    }
    service.close();
    assertThat(ownRuns).containsExactly(Map.entry("pool", "DEL"));
  }
}
