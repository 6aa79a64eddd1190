package dev.podbond.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameChannel;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LargeCallsTest {
  private static final int USUAL = 4_000;
  private static final int LARGE = 60_000;
  private static final int HUGE = 1_000_000;
  private static final Frame GC = Frame.of(FrameKind.CALL).with(Tag.ENV, "CNI_COMMAND=GC");
  private static final Frame DEL = Frame.of(FrameKind.CALL).with(Tag.ENV, "CNI_COMMAND=DEL");
  private static final Frame CHECK = Frame.of(FrameKind.CALL).with(Tag.ENV, "CNI_COMMAND=CHECK");
  private static final Frame ADD = Frame.of(FrameKind.CALL).with(Tag.ENV, "CNI_COMMAND=ADD");

  private final LargeCalls calls = new LargeCalls(Duration.ZERO);

  @Test
  void aFewLargeCallsAreServedAtATimeAndUsualOnesDoNotWaitForThem() throws IOException {
    List<LargeCalls.Turn> served = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      LargeCalls.Turn turn = calls.turn();
      assertThat(turn.forFrame(LARGE, ADD)).isGreaterThan(LARGE);
      served.add(turn);
    }
    try (LargeCalls.Turn fifth = calls.turn();
        LargeCalls.Turn usual = calls.turn()) {
      assertThatThrownBy(() -> fifth.forFrame(LARGE, ADD))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no room for a large call");
      assertThat(usual.forFrame(USUAL)).isGreaterThan(USUAL);
      served.getFirst().close();
      assertThat(fifth.forFrame(LARGE, ADD)).isGreaterThan(LARGE);
    }
  }

  /// A call that is being served holds what others wait for, and must not wait itself.
  @Test
  void whatIsBeingServedWaitsForNobody() throws IOException {
    try (LargeCalls.Turn usual = calls.turn()) {
      usual.forFrame(USUAL);
      usual.served();
      for (int i = 0; i < 4; i++) {
        calls.turn().forFrame(LARGE, ADD);
      }
      assertThat(usual.forFrame(LARGE)).isGreaterThan(LARGE);
      assertThat(usual.forFrame(HUGE, ADD)).isGreaterThan(LARGE);
    }
  }

  /// An ADD waits for an IPAM plugin, perhaps for a minute; a DEL and a question do not wait for
  /// it.
  @Test
  void noDeletionAndNoQuestionWaitsForAdditions() throws IOException {
    for (int i = 0; i < 4; i++) {
      calls.turn().forFrame(LARGE, ADD);
    }
    try (LargeCalls.Turn del = calls.turn();
        LargeCalls.Turn check = calls.turn();
        LargeCalls.Turn gc = calls.turn();
        LargeCalls.Turn add = calls.turn()) {
      assertThat(del.forFrame(LARGE, DEL)).isGreaterThan(LARGE);
      assertThat(check.forFrame(LARGE, CHECK)).isGreaterThan(LARGE);
      assertThat(gc.forFrame(HUGE, GC)).isGreaterThan(HUGE);
      assertThatThrownBy(() -> add.forFrame(LARGE, ADD)).isInstanceOf(IOException.class);
    }
  }

  /// Through a connection: the verb is read before it is known whether there is room for the rest.
  @Test
  void aDeletionIsReadWholeWhileTheAdditionsFillTheirRoom() throws IOException {
    for (int i = 0; i < 4; i++) {
      calls.turn().forFrame(LARGE, ADD);
    }
    assertThat(received(DEL.with(Tag.STDIN, "x".repeat(LARGE))).tooLong()).isFalse();
    assertThatThrownBy(() -> received(ADD.with(Tag.STDIN, "x".repeat(LARGE))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no room for a large call");
    assertThat(received(ADD.with(Tag.STDIN, "x".repeat(USUAL))).tooLong()).isFalse();
  }

  private FrameChannel.Received received(Frame frame) throws IOException {
    try (LargeCalls.Turn turn = calls.turn();
        FrameChannel channel = new FrameChannel(new Bytes(frame.toBytes()), turn)) {
      return channel.receive();
    }
  }

  /// A connection over which so much comes.
  private static final class Bytes implements ByteChannel {
    private final ByteBuffer bytes;

    Bytes(byte[] bytes) {
      this.bytes = ByteBuffer.wrap(bytes);
    }

    @Override
    public int read(ByteBuffer into) {
      int before = into.remaining();
      while (into.hasRemaining() && bytes.hasRemaining()) {
        into.put(bytes.get());
      }
      return before == into.remaining() && before > 0 ? -1 : before - into.remaining();
    }

    @Override
    public int write(ByteBuffer from) {
      throw new AssertionError("nothing is written");
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void onlyGcMayBeLongAndByItself() throws IOException {
    try (LargeCalls.Turn first = calls.turn();
        LargeCalls.Turn second = calls.turn();
        LargeCalls.Turn add = calls.turn()) {
      assertThat(first.forFrame(HUGE, GC)).isGreaterThan(HUGE);
      assertThatThrownBy(() -> second.forFrame(HUGE, GC)).isInstanceOf(IOException.class);
      assertThat(add.forFrame(HUGE, ADD)).isLessThan(2 * 65_536 + 1);
    }
  }
}
