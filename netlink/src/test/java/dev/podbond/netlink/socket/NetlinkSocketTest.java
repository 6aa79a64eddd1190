package dev.podbond.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.linux.LinuxConstants;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkFlags;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.Payload;
import dev.podbond.netlink.wire.PayloadWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetlinkSocketTest {
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final NetlinkRequest REQUEST =
      new NetlinkRequest(18, 0, Payload.of(new byte[16]), "ask for something");

  private final FakeKernel kernel = new FakeKernel();

  private NetlinkSocket socket() throws Exception {
    return NetlinkSocket.adopt(kernel, FakeKernel.FD, SHORT);
  }

  @Test
  void requestsCarryFlagsPortAndRisingSequenceNumbers() throws Exception {
    kernel.answering(
        (r, k) -> k.queue(FakeKernel.ack(r, 0)), (r, k) -> k.queue(FakeKernel.ack(r, 0)));
    NetlinkSocket socket = socket();
    socket.change(new NetlinkRequest(20, NetlinkFlags.CREATE, Payload.of(new byte[0]), "x"));
    socket.change(REQUEST);
    assertThat(kernel.requests.getFirst().flags())
        .isEqualTo(NetlinkFlags.REQUEST | NetlinkFlags.ACK | NetlinkFlags.CREATE);
    assertThat(kernel.requests).extracting(NetlinkMessage::portId).containsOnly(FakeKernel.PORT);
    assertThat(kernel.requests).extracting(NetlinkMessage::sequence).containsExactly(1, 2);
  }

  @Test
  void aRefusalCarriesTheKernelsExplanation() throws Exception {
    kernel.answering((r, k) ->
        k.queue(
            new NetlinkMessage(
                NetlinkFlags.ERROR,
                NetlinkFlags.CAPPED | NetlinkFlags.ACK_TLVS,
                r.sequence(),
                FakeKernel.PORT,
                new PayloadWriter()
                    .putS32(-22)
                    .putBytes(new byte[16])
                    .attributeString(1, "option not valid in mode")
                    .toPayload())));
    NetlinkSocket socket = socket();
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() -> socket.change(REQUEST))
        .withMessage("ask for something: EINVAL (Invalid argument): option not valid in mode")
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
  }

  private static final List<NetlinkRequest> THREE =
      List.of("first", "second", "third").stream()
          .map(words -> new NetlinkRequest(24, 0, Payload.of(new byte[12]), words))
          .toList();

  private static final FakeKernel.Answer SILENCE = (_, _) -> {};

  private static List<String> told(List<Optional<NetlinkException>> refusals) {
    return refusals.stream().map(it -> it.map(Exception::getMessage).orElse("done")).toList();
  }

  @Test
  void changesSentTogetherAreOneDatagramOfWhichTheLastIsAcknowledged() throws Exception {
    kernel.answering(SILENCE, SILENCE, (r, k) -> k.queue(FakeKernel.ack(r, 0)));
    NetlinkSocket socket = socket();
    assertThat(told(socket.changeEach(THREE))).containsExactly("done", "done", "done");
    assertThat(kernel.sends).isEqualTo(1);
    assertThat(kernel.requests).extracting(NetlinkMessage::sequence).containsExactly(1, 2, 3);
    assertThat(kernel.requests)
        .extracting(request -> request.hasFlags(NetlinkFlags.ACK))
        .containsExactly(false, false, true);
    kernel.answering((r, k) -> k.queue(FakeKernel.ack(r, 0)));
    socket.change(REQUEST);
    assertThat(kernel.requests.getLast().sequence()).isEqualTo(4);
  }

  @Test
  void aRefusalAmongChangesSentTogetherIsThatOfItsRequestAlone() throws Exception {
    kernel.answering(
        SILENCE,
        (r, k) -> k.queue(FakeKernel.ack(r, -17)),
        (r, k) -> k.queue(FakeKernel.ack(r, -101)));
    List<Optional<NetlinkException>> refusals = socket().changeEach(THREE);
    assertThat(told(refusals))
        .containsExactly(
            "done", "second: EEXIST (File exists)", "third: ENETUNREACH (Network is unreachable)");
    assertThat(refusals.stream().flatMap(Optional::stream)).allMatch(NetlinkException::isAnswered);
  }

  @Test
  void ofChangesSentTogetherThoseWithoutAnAnswerMayHaveBeenMade() throws Exception {
    kernel.answering(
        (r, k) -> k.queue(FakeKernel.ack(r, -17)), SILENCE, (_, k) -> k.queueError(Errno.ENOBUFS));
    List<Optional<NetlinkException>> refusals = socket().changeEach(THREE);
    assertThat(refusals)
        .extracting(refusal -> refusal.map(NetlinkException::isAnswered).orElseThrow())
        .containsExactly(true, false, false);
    assertThat(refusals.getLast().orElseThrow().errno()).isEqualTo(Errno.ENOBUFS);
  }

  @Test
  void lateAndForeignAnswersAreNotThoseOfChangesSentTogether() throws Exception {
    kernel.answering(
        (r, k) -> {
          NetlinkMessage refusal = FakeKernel.ack(r, -17);
          for (int sequence : new int[] {r.sequence() - 1, r.sequence() + 3}) {
            k.queue(
                new NetlinkMessage(
                    refusal.type(),
                    refusal.flags(),
                    sequence,
                    refusal.portId(),
                    refusal.payload()));
          }
          k.queueFrom(99, refusal);
        },
        SILENCE,
        (r, k) -> k.queue(FakeKernel.ack(r, 0)));
    assertThat(told(socket().changeEach(THREE))).containsExactly("done", "done", "done");
  }

  @Test
  void noChangesAreSentAsNothing() throws Exception {
    assertThat(socket().changeEach(List.of())).isEmpty();
    assertThat(kernel.sends).isZero();
  }

  @Test
  void anObjectThatNeedNotBeThereIsFoundOrNot() throws Exception {
    kernel.answering(
        (r, k) -> k.queue(FakeKernel.ack(r, -19)),
        (r, k) -> k.queue(FakeKernel.object(r, 0, 7)),
        (r, k) -> k.queue(FakeKernel.ack(r, -1)));
    NetlinkSocket socket = socket();
    assertThat(socket.find(REQUEST, Errno.ENODEV)).isEmpty();
    assertThat(value(socket.find(REQUEST, Errno.ENODEV).orElseThrow())).isEqualTo(7);
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() -> socket.find(REQUEST, Errno.ENODEV))
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
  }

  @Test
  void aRequestIsPutIntoWordsWithItsArguments() {
    assertThat(new NetlinkRequest(18, 0, Payload.of(new byte[0]), "get link %s", "100%").summary())
        .isEqualTo("get link 100%");
  }

  @Test
  void aDumpMayComeInManyDatagrams() throws Exception {
    kernel.answering((r, k) -> {
      k.queue(
          FakeKernel.object(r, NetlinkFlags.MULTI, 1), FakeKernel.object(r, NetlinkFlags.MULTI, 2));
      k.queue(FakeKernel.object(r, NetlinkFlags.MULTI, 3));
      k.queue(FakeKernel.done(r));
    });
    assertThat(listed(socket())).containsExactly(1, 2, 3);
  }

  @Test
  void anInterruptedDumpIsAskedForAgain() throws Exception {
    int interrupted = NetlinkFlags.MULTI | NetlinkFlags.DUMP_INTERRUPTED;
    kernel.answering(
        (r, k) -> k.queue(FakeKernel.object(r, interrupted, 1), FakeKernel.done(r)),
        (r, k) -> k.queue(FakeKernel.object(r, NetlinkFlags.MULTI, 2), FakeKernel.done(r)));
    assertThat(listed(socket())).containsExactly(2);
    assertThat(kernel.requests).hasSize(2);
  }

  @Test
  void aDumpInterruptedEachTimeIsAClearFailure() throws Exception {
    FakeKernel.Answer interrupted =
        (r, k) ->
            k.queue(
                FakeKernel.object(r, NetlinkFlags.MULTI | NetlinkFlags.DUMP_INTERRUPTED, 1),
                FakeKernel.done(r));
    for (int i = 0; i < 20; i++) {
      kernel.answering(interrupted);
    }
    NetlinkSocket socket = socket();
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() -> listed(socket))
        .withMessageContaining("changed during each of 10 attempts")
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EINTR));
  }

  @Test
  void aDatagramLargerThanTheBufferIsReceivedWhole() throws Exception {
    int[] large = new int[100_000];
    large[99_999] = 42;
    kernel.answering((r, k) -> k.queue(FakeKernel.object(r, 0, large)));
    Payload payload = socket().get(REQUEST).payload();
    assertThat(payload.length()).isEqualTo(100_000);
    assertThat(payload.u8(99_999)).isEqualTo(42);
  }

  @Test
  void aDatagramIsTakenByOneReceiveWhateverItsSize() throws Exception {
    kernel.answering((r, k) -> {
      k.queue(FakeKernel.object(r, NetlinkFlags.MULTI, new int[100_000]));
      k.queue(FakeKernel.object(r, NetlinkFlags.MULTI, 2));
      k.queue(FakeKernel.done(r));
    });
    assertThat(listed(socket())).containsExactly(0, 2);
    assertThat(kernel.receives).isEqualTo(3);
  }

  @Test
  void lateAnswersToAnEarlierRequestAreSkipped() throws Exception {
    kernel.answering(
        (r, k) -> {},
        (r, k) -> {
          k.queue(
              FakeKernel.object(k.requests.getFirst(), 0, 1),
              FakeKernel.ack(k.requests.getFirst(), -1));
          k.queue(FakeKernel.object(r, 0, 2));
        });
    NetlinkSocket socket = socket();
    assertThatThrownBy(() -> socket.get(REQUEST)).hasMessageContaining("ETIMEDOUT");
    assertThat(value(socket.get(REQUEST))).isEqualTo(2);
  }

  @Test
  void datagramsOfOtherProcessesAreSkipped() throws Exception {
    kernel.answering((r, k) -> {
      k.queueFrom(1234, FakeKernel.ack(r, 0));
      k.queue(FakeKernel.ack(r, -1));
    });
    NetlinkSocket socket = socket();
    assertThatThrownBy(() -> socket.change(REQUEST)).hasMessageContaining("EPERM");
  }

  @Test
  void answersForAnotherPortAreSkipped() throws Exception {
    kernel.answering((r, k) -> {
      k.queue(new NetlinkMessage(16, 0, r.sequence(), 99, Payload.of(new byte[] {1})));
      k.queue(FakeKernel.object(r, 0, 2));
    });
    assertThat(value(socket().get(REQUEST))).isEqualTo(2);
  }

  @Test
  void noAnswerInTimeIsAFailureThatSaysSo() throws Exception {
    NetlinkSocket socket = socket();
    assertThatThrownBy(() -> socket.change(REQUEST))
        .hasMessageContaining("ask for something")
        .hasMessageContaining("no answer from the kernel");
  }

  @Test
  void aLostAnswerIsAFailureAndTheSocketGoesOn() throws Exception {
    kernel.answering(
        (r, k) -> k.queueError(Errno.ENOBUFS), (r, k) -> k.queue(FakeKernel.ack(r, 0)));
    NetlinkSocket socket = socket();
    assertThatThrownBy(() -> socket.change(REQUEST)).hasMessageContaining("ENOBUFS");
    socket.change(REQUEST);
  }

  @Test
  void shortAnswersAreMalformed() throws Exception {
    kernel.answering(
        (r, k) -> k.queueBytes(0, new byte[7]),
        (r, k) ->
            k.queue(
                new NetlinkMessage(
                    NetlinkFlags.ERROR,
                    0,
                    r.sequence(),
                    FakeKernel.PORT,
                    Payload.of(new byte[2]))));
    NetlinkSocket socket = socket();
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(NetlinkException.class)
          .isThrownBy(() -> socket.change(REQUEST))
          .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EBADMSG));
    }
  }

  @Test
  void kernelsWithoutTheChecksAreServedToo() throws Exception {
    kernel.optionsRefused.add(LinuxConstants.NETLINK_GET_STRICT_CHK);
    kernel.optionsRefused.add(LinuxConstants.NETLINK_EXT_ACK);
    kernel.answering((r, k) -> k.queue(FakeKernel.ack(r, 0)));
    socket().change(REQUEST);
  }

  @Test
  void theDescriptorIsClosedOnceAndNotUsedAfterwards() throws Exception {
    NetlinkSocket socket = socket();
    socket.close();
    socket.close();
    assertThat(kernel.closed).containsExactly(FakeKernel.FD);
    assertThatThrownBy(() -> socket.change(REQUEST)).isInstanceOf(IllegalStateException.class);
    assertThat(kernel.requests).isEmpty();
  }

  private static List<Integer> listed(NetlinkSocket socket) throws NetlinkException {
    return socket.list(REQUEST, message -> Optional.of((int) message.payload().toBytes()[0]));
  }

  /// However long a table of a namespace is, it never has to fit into memory.
  @Test
  void aDumpIsHandedOverAsItArrivesAndHeldByNobody() throws Exception {
    kernel.answering((r, k) -> {
      k.queue(FakeKernel.object(r, NetlinkFlags.MULTI, 1));
      k.queue(FakeKernel.object(r, NetlinkFlags.MULTI, 2));
      k.queue(FakeKernel.done(r));
    });
    List<Integer> left = new ArrayList<>();
    socket().dump(REQUEST, _ -> left.add(kernel.queued()));
    assertThat(left).containsExactly(2, 1);
  }

  @Test
  void aListIsRefusedThatIsTooLongToBeHeldAndTheSocketGoesOn() throws Exception {
    kernel.answering(
        (r, k) -> {
          for (int i = 0; i <= NetlinkSocket.MAX_LISTED; i++) {
            k.queue(FakeKernel.object(r, NetlinkFlags.MULTI, 1));
          }
          k.queue(FakeKernel.done(r));
        },
        (r, k) -> k.queue(FakeKernel.object(r, NetlinkFlags.MULTI, 2), FakeKernel.done(r)));
    NetlinkSocket socket = socket();
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() -> listed(socket))
        .withMessageContaining("10001 found, of which at most 10000 are held at a time")
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.E2BIG));
    assertThat(listed(socket)).containsExactly(2);
  }

  @Test
  void aDumpIsReadToItsEndAlsoWhereItMakesNoSense() throws Exception {
    kernel.answering((r, k) -> {
      k.queue(FakeKernel.object(r, NetlinkFlags.MULTI, 1));
      k.queue(FakeKernel.object(r, NetlinkFlags.MULTI, 2));
      k.queue(FakeKernel.done(r));
    });
    NetlinkSocket socket = socket();
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() ->
            socket.dump(
                REQUEST,
                _ -> {
                  throw new MalformedMessage("odd");
                }))
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EBADMSG));
    assertThat(kernel.queued()).isZero();
  }

  @Test
  void aDatagramLongerThanTheKernelSendsIsRefused() throws Exception {
    kernel.answering(
        (r, k) -> k.queueBytes(0, new byte[2_000_000]), (r, k) -> k.queue(FakeKernel.ack(r, 0)));
    NetlinkSocket socket = socket();
    assertThatThrownBy(() -> socket.change(REQUEST))
        .hasMessageContaining("a datagram of 2000000 bytes");
    socket.change(REQUEST);
  }

  /// The object is the whole answer: nobody asks for an acknowledgement, or waits for one.
  @Test
  void oneObjectIsAskedForWithoutAnAcknowledgement() throws Exception {
    kernel.answering((r, k) -> k.queue(FakeKernel.object(r, 0, 2)));
    assertThat(value(socket().get(REQUEST))).isEqualTo(2);
    assertThat(kernel.requests.getFirst().flags()).isEqualTo(NetlinkFlags.REQUEST);
    assertThat(kernel.receives).isEqualTo(1);
  }

  @Test
  void anObjectThatIsNotThereIsARefusal() throws Exception {
    kernel.answering((r, k) -> k.queue(FakeKernel.ack(r, -19)));
    NetlinkSocket socket = socket();
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() -> socket.get(REQUEST))
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV));
  }

  @Test
  void agreementWithoutAnObjectIsAClearFailure() throws Exception {
    kernel.answering((r, k) -> k.queue(FakeKernel.ack(r, 0)));
    NetlinkSocket socket = socket();
    assertThatExceptionOfType(NetlinkException.class)
        .isThrownBy(() -> socket.get(REQUEST))
        .withMessageContaining("the kernel agreed, and sent nothing")
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EBADMSG));
  }

  private static int value(NetlinkMessage message) {
    return message.payload().toBytes()[0];
  }
}
