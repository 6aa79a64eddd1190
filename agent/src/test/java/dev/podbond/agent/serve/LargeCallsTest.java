package dev.podbond.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.agent.wire.Frame;
import dev.podbond.agent.wire.FrameKind;
import dev.podbond.agent.wire.Tag;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LargeCallsTest {
  private static final int USUAL = 4_000;
  private static final int LARGE = 60_000;
  private static final int HUGE = 1_000_000;
  private static final Frame GC = Frame.of(FrameKind.CALL).with(Tag.ENV, "CNI_COMMAND=GC");
  private static final Frame ADD = Frame.of(FrameKind.CALL).with(Tag.ENV, "CNI_COMMAND=ADD");

  private final LargeCalls calls = new LargeCalls(Duration.ZERO);

  @Test
  void aFewLargeCallsAreServedAtATimeAndUsualOnesDoNotWaitForThem() throws IOException {
    List<LargeCalls.Turn> served = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      LargeCalls.Turn turn = calls.turn();
      assertThat(turn.forFrame(LARGE)).isGreaterThan(LARGE);
      served.add(turn);
    }
    try (LargeCalls.Turn fifth = calls.turn();
        LargeCalls.Turn usual = calls.turn()) {
      assertThatThrownBy(() -> fifth.forFrame(LARGE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no room for a large call");
      assertThat(usual.forFrame(USUAL)).isGreaterThan(USUAL);
      served.getFirst().close();
      assertThat(fifth.forFrame(LARGE)).isGreaterThan(LARGE);
    }
  }

  /// A call that is being served holds what others wait for, and must not wait itself.
  @Test
  void whatIsBeingServedWaitsForNobody() throws IOException {
    try (LargeCalls.Turn usual = calls.turn()) {
      usual.forFrame(USUAL);
      usual.served();
      for (int i = 0; i < 4; i++) {
        calls.turn().forFrame(LARGE);
      }
      assertThat(usual.forFrame(LARGE)).isGreaterThan(LARGE);
    }
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
