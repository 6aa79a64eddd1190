package dev.podbond.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

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

class CallMemoryTest {
  private static final int LARGE = 60_000;
  private static final int HUGE = 1_000_000;

  /// Each of these kinds has room for two large calls and about a hundred usual ones.
  private static final List<String> VERBS = List.of("ADD", "DEL");

  private final CallMemory calls = new CallMemory(Duration.ZERO, (_, _) -> 0);

  private static Frame call(String verb, int bytes) {
    return Frame.of(FrameKind.CALL)
        .with(Tag.ENV, "CNI_COMMAND=" + verb)
        .with(Tag.ENV, "CNI_CONTAINERID=pod")
        .with(Tag.ENV, "CNI_IFNAME=net1")
        .with(Tag.STDIN, new byte[bytes]);
  }

  private static CallMemory.Grant ask(CallMemory.Turn turn, Frame call) throws IOException {
    return turn.grant(new FrameChannel.Received(call, 0));
  }

  private CallMemory.Grant ask(Frame call) throws IOException {
    return ask(calls.turn(), call);
  }

  private static void isGiven(CallMemory.Grant grant) {
    assertThat(grant).isInstanceOf(CallMemory.Grant.Given.class);
  }

  private static void isRefused(CallMemory.Grant grant, String why) {
    assertThat(grant)
        .isInstanceOfSatisfying(
            CallMemory.Grant.Refused.class, refused -> assertThat(refused.why()).contains(why));
  }

  /// Takes all the room for calls of one length.
  private List<CallMemory.Turn> fill(Frame call) throws IOException {
    List<CallMemory.Turn> held = new ArrayList<>();
    while (true) {
      CallMemory.Turn turn = calls.turn();
      if (ask(turn, call) instanceof CallMemory.Grant.Refused) {
        turn.close();
        return held;
      }
      held.add(turn);
    }
  }

  @Test
  void aCallHoldsItsLengthInBytesUntilItIsAnswered() throws IOException {
    for (String verb : VERBS) {
      List<CallMemory.Turn> held = fill(call(verb, LARGE));
      assertThat(held).hasSize(2);
      isRefused(ask(call(verb, LARGE)), "no memory for these 60");
      held.getFirst().close();
      isGiven(ask(call(verb, LARGE)));
      assertThat(fill(call(verb, 1_000))).hasSizeBetween(100, 130);
      isRefused(ask(call(verb, 1_000)), "no memory for these");
    }
  }

  /// A short call costs few bytes, but it costs a thread.
  @Test
  void shortCallsAreCountedToo() throws IOException {
    assertThat(fill(call("ADD", 10))).hasSize(256);
    isRefused(ask(call("ADD", 10)), "serving 256 ADDs already");
    isGiven(ask(call("DEL", 10)));
  }

  @Test
  void aRefusedCallHoldsNothing() throws IOException {
    List<CallMemory.Turn> held = fill(call("ADD", LARGE));
    for (int i = 0; i < 1_000; i++) {
      try (CallMemory.Turn refused = calls.turn()) {
        isRefused(ask(refused, call("ADD", LARGE)), "no memory");
      }
    }
    held.forEach(CallMemory.Turn::close);
    assertThat(fill(call("ADD", LARGE))).hasSize(2);
    assertThat(fill(call("ADD", 10))).hasSize(254);
  }

  /// A call that is being served holds locks for which others wait, so it must not wait itself.
  @Test
  void aCallBeingServedWaitsForNobody() throws IOException {
    try (CallMemory.Turn usual = calls.turn()) {
      isGiven(ask(usual, call("ADD", 1_000)));
      usual.served();
      fill(call("ADD", LARGE));
      assertThat(usual.forFrame(LARGE)).isGreaterThan(LARGE);
      assertThat(usual.forFrame(HUGE, Frame.of(FrameKind.RAN))).isGreaterThan(LARGE);
    }
  }

  /// An ADD may wait minutes for an IPAM plugin. A DEL and a question do not wait for that ADD, nor
  /// for each other.
  @Test
  void noKindOfCallWaitsForAnother() throws IOException {
    List<String> all = List.of("ADD", "DEL", "CHECK", "GC");
    for (int i = 0; i < all.size(); i++) {
      fill(call(all.get(i), LARGE));
      fill(call(all.get(i), 1_000));
      for (String later : all.subList(i + 1, all.size())) {
        try (CallMemory.Turn large = calls.turn();
            CallMemory.Turn usual = calls.turn()) {
          isGiven(ask(large, call(later, LARGE)));
          isGiven(ask(usual, call(later, 1_000)));
        }
      }
    }
  }

  /// A short DEL also holds the whole record of its attachment in memory.
  @Test
  void theBytesOnDiskAboutAnAttachmentCount() throws IOException {
    CallMemory memory =
        new CallMemory(
            Duration.ZERO,
            (container, ifname) -> (container + ifname).equals("podnet1") ? LARGE : 0);
    isGiven(ask(memory.turn(), call("DEL", 100)));
    isGiven(ask(memory.turn(), call("DEL", 100)));
    isRefused(ask(memory.turn(), call("DEL", 100)), "no memory for these 60");
  }

  /// Through a connection: the verb is read before the room for the rest is known. If there is no
  /// room, the rest is discarded.
  @Test
  void aDeletionIsReadWholeWhileTheAdditionsFillTheirRoom() throws IOException {
    fill(call("ADD", LARGE));
    assertThat(received(call("DEL", LARGE)).tooLong()).isFalse();
    assertThat(received(call("ADD", LARGE)).tooLong()).isTrue();
    assertThat(received(call("ADD", 1_000)).tooLong()).isFalse();
    assertThat(received(Frame.of(FrameKind.QUERY).with(Tag.SUBJECT, new byte[LARGE])).tooLong())
        .isTrue();
  }

  private FrameChannel.Received received(Frame frame) throws IOException {
    try (CallMemory.Turn turn = calls.turn();
        FrameChannel channel = new FrameChannel(new Bytes(frame.toBytes()), turn)) {
      return channel.receive();
    }
  }

  /// A connection over which these bytes arrive.
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

  /// A GC with the list of all attachments of a node runs alone, and does not keep usual calls from
  /// being served.
  @Test
  void garbageIsCollectedByOneLongCallAtATime() throws IOException {
    Frame collection = call("GC", HUGE);
    List<CallMemory.Turn> first = fill(collection);
    assertThat(first).hasSize(1);
    isGiven(ask(call("DEL", LARGE)));
    first.getFirst().close();
    assertThat(received(collection).tooLong()).isFalse();
    assertThat(received(call("CHECK", HUGE)).tooLong()).isTrue();
  }
}
