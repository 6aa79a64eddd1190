package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.podbond.agent.wire.Answer;
import dev.podbond.agent.wire.Call;
import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.MalformedFrameException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/// Bytes that arrive over the agent's socket.
class ShimProtocolFuzz {
  private static final int KEPT_BYTES = 256;

  /// A connection over which these bytes arrive, followed by its end.
  private record Arriving(ByteBuffer bytes) implements ByteChannel {
    @Override
    public int read(ByteBuffer to) {
      if (!bytes.hasRemaining()) {
        return -1;
      }
      // At most a few bytes at a time, as from a slow peer.
      int count = Math.min(Math.min(to.remaining(), bytes.remaining()), 7);
      to.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      return count;
    }

    @Override
    public int write(ByteBuffer from) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @FuzzTest
  void connection(byte[] bytes) throws IOException {
    int frames = 0;
    try (FrameChannel channel =
        new FrameChannel(new Arriving(ByteBuffer.wrap(bytes)), KEPT_BYTES)) {
      while (true) {
        FrameChannel.Received received = channel.receive();
        frames++;
        assertThat(received.cutBytes()).isNotNegative();
        assertThat(received.frame().toBytes()).hasSizeLessThanOrEqualTo(KEPT_BYTES + 4);
        understand(received.frame());
      }
    } catch (EOFException | MalformedFrameException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
    // Each frame has at least a length and a kind.
    assertThat(frames * 5).isLessThanOrEqualTo(bytes.length);
  }

  @FuzzTest
  void wholeFrame(byte[] bytes) throws MalformedFrameException {
    Frame frame;
    try {
      frame = Frame.parseWhole(bytes);
    } catch (MalformedFrameException e) {
      assertThat(e.getMessage()).isNotEmpty();
      return;
    }
    assertThat(frame.toBytes()).isEqualTo(bytes);
    understand(frame);
  }

  private static void understand(Frame frame) throws MalformedFrameException {
    try {
      Call call = Call.of(frame);
      assertThat(Call.of(Frame.parseWhole(call.toFrame().toBytes()))).isEqualTo(call);
      assertThat(call.env()).doesNotContainKey("");
    } catch (MalformedFrameException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
    try {
      Answer answer = Answer.of(frame);
      assertThat(Answer.of(answer.toFrame())).isEqualTo(answer);
      assertThat(answer.exitCode()).isBetween(0, 255);
    } catch (MalformedFrameException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}
