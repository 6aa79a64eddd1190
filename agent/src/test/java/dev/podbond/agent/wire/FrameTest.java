package dev.podbond.agent.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FrameTest {
  private static final Call CALL =
      new Call("bond", Map.of("CNI_COMMAND", "ADD", "TRACEPARENT", "00-a=b"), "{\"mtu\": 1400}");

  /// A channel that gives the bytes one octet at a time.
  private static ByteChannel slowly(byte[] bytes) {
    ReadableByteChannel in = Channels.newChannel(new ByteArrayInputStream(bytes));
    return new ByteChannel() {
      @Override
      public int read(ByteBuffer into) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        int n = in.read(one);
        if (n > 0) {
          into.put(one.flip());
        }
        return n;
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
    };
  }

  private static FrameChannel.Received receive(byte[] bytes, int kept) throws IOException {
    return new FrameChannel(slowly(bytes), kept).receive();
  }

  @Test
  void aCallComesAsItWasSent() throws IOException {
    byte[] bytes = CALL.toFrame().toBytes();
    assertThat(Call.of(receive(bytes, 1000).frame())).isEqualTo(CALL);
    Call seeing =
        new Call(
            "bond",
            CALL.env(),
            "{}",
            new HostSight(
                Set.of("host-local", "static"),
                Optional.of(new HostSight.SeenDirectory("/var/lib/cni", -1, 1L << 40))));
    assertThat(Call.of(seeing.toFrame())).isEqualTo(seeing).isNotEqualTo(CALL);
    assertThat(Call.of(Frame.parseWhole(bytes))).isEqualTo(CALL);
  }

  @Test
  void anAnswerComesAsItWasSent() throws IOException {
    Answer answer = new Answer(1, "{\"code\": 7}", "podbond: warning: ä");
    assertThat(Answer.of(receive(answer.toFrame().toBytes(), 1000).frame())).isEqualTo(answer);
  }

  @Test
  void unknownFieldsAndKindsDoNoHarm() throws IOException {
    Frame newer = new Frame(200, CALL.toFrame().fields()).with(Tag.SUBJECT, "more");
    Frame read = receive(newer.toBytes(), 1000).frame();
    assertThat(read.knownKind()).isEmpty();
    assertThat(read.isOptional()).isTrue();
    assertThat(new Frame(77, read.fields()).isOptional()).isFalse();
    Frame call = new Frame(1, read.fields());
    assertThat(Call.of(call)).isEqualTo(CALL);
  }

  @Test
  void theBeginningOfATooLongFrameIsKept() throws IOException {
    byte[] bytes = CALL.toFrame().toBytes();
    for (int kept = 1; kept < bytes.length - Integer.BYTES; kept++) {
      FrameChannel.Received received = receive(bytes, kept);
      assertThat(received.tooLong()).isTrue();
      assertThat(received.frame().knownKind()).contains(FrameKind.CALL);
      byte[] beginning = received.frame().toBytes();
      assertThat(beginning.length).isLessThanOrEqualTo(Integer.BYTES + Math.max(1, kept));
      assertThat(beginning.length + received.cutBytes()).isEqualTo(bytes.length);
    }
  }

  @Test
  void aTooLongConfigurationKeepsItsLength() throws IOException {
    Call whole = new Call("bond", Map.of("CNI_COMMAND", "DEL"), "x".repeat(1000));
    byte[] bytes = whole.toFrame().toBytes();
    Call cut = Call.of(receive(bytes, bytes.length - 600));
    assertThat(cut.verb()).isEqualTo("DEL");
    assertThat(cut.stdin()).hasSizeLessThan(500);
    assertThat(cut.configuration().readAllBytes()).hasSize(1000).startsWith("xxx".getBytes(UTF_8));
    assertThatThrownBy(() -> Call.of(receive(bytes, 40)))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessageContaining("variables");
  }

  @Test
  void everyTruncationIsSeen() {
    byte[] bytes = CALL.toFrame().toBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> receive(part, 1000)).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> Frame.parseWhole(part)).isInstanceOf(MalformedFrameException.class);
    }
  }

  @Test
  void impossibleLengthsAreRefused() {
    for (int length : new int[] {0, -1, Frame.MAX_BYTES + 1, Integer.MIN_VALUE}) {
      byte[] bytes = ByteBuffer.allocate(Integer.BYTES + 1).putInt(length).array();
      assertThatThrownBy(() -> receive(bytes, 1000))
          .isInstanceOf(MalformedFrameException.class)
          .hasMessageContaining(Integer.toUnsignedString(length));
    }
  }

  @Test
  void hostileBytesAreAFrameOrMalformed() {
    long seed = Long.getLong("podbond.seed", 5);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = CALL.toFrame().toBytes();
      for (int n = random.nextInt(4); n >= 0; n--) {
        bytes[Integer.BYTES + random.nextInt(bytes.length - Integer.BYTES)] =
            (byte) random.nextInt();
      }
      try {
        Frame frame = receive(bytes, 1000).frame();
        assertThat(frame.toBytes()).as("seed %d, frame %d", seed, i).isEqualTo(bytes);
        Call _ = Call.of(frame);
      } catch (IOException e) {
        assertThat(e).as("seed %d, frame %d", seed, i).isInstanceOf(MalformedFrameException.class);
      }
    }
  }

  @Test
  void bigFramesSurviveTheRoundTrip() throws Exception {
    Call big = new Call("bond", Map.of(), "x".repeat(1_500_000));
    Pipe pipe = Pipe.open();
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              try {
                ByteBuffer bytes = ByteBuffer.wrap(big.toFrame().toBytes());
                while (bytes.hasRemaining()) {
                  pipe.sink().write(bytes);
                }
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    byte[] read = Channels.newInputStream(pipe.source()).readNBytes(big.toFrame().toBytes().length);
    writer.join();
    assertThat(Call.of(Frame.parseWhole(read))).isEqualTo(big);
  }
}
