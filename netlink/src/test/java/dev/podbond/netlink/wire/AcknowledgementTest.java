package dev.podbond.netlink.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AcknowledgementTest {
  private static final int TLVS = NetlinkFlags.ACK_TLVS;

  private static NetlinkMessage message(int type, int flags, PayloadWriter payload) {
    return new NetlinkMessage(type, flags, 1, 2, payload.toPayload());
  }

  private static PayloadWriter explained(PayloadWriter writer) {
    return writer.attributeString(1, "bad mode").attributeU32(2, 44).attributeU32(5, 7);
  }

  @Test
  void zeroIsSuccess() throws MalformedMessage {
    var message =
        message(
            NetlinkFlags.ERROR,
            NetlinkFlags.CAPPED,
            new PayloadWriter().putS32(0).putBytes(new byte[16]));
    assertThat(Acknowledgement.parse(message).error()).isZero();
  }

  @Test
  void theExplanationFollowsTheHeaderOfACappedRequest() throws MalformedMessage {
    var message =
        message(
            NetlinkFlags.ERROR,
            NetlinkFlags.CAPPED | TLVS,
            explained(new PayloadWriter().putS32(-22).putBytes(new byte[16])));
    Acknowledgement ack = Acknowledgement.parse(message);
    assertThat(ack.error()).isEqualTo(22);
    assertThat(ack.message()).contains("bad mode");
    assertThat(ack.offset()).hasValue(44);
    assertThat(ack.missingType()).hasValue(7);
  }

  @Test
  void theExplanationFollowsAWholeRequestOfAnyLength() throws MalformedMessage {
    byte[] request = new NetlinkMessage(16, 5, 1, 2, Payload.of(new byte[21])).toBytes();
    var message =
        message(
            NetlinkFlags.ERROR, TLVS, explained(new PayloadWriter().putS32(-1).putBytes(request)));
    assertThat(Acknowledgement.parse(message).message()).contains("bad mode");
  }

  @Test
  void theEndOfADumpCarriesAnErrorAndAnExplanationToo() throws MalformedMessage {
    var message = message(NetlinkFlags.DONE, TLVS, explained(new PayloadWriter().putS32(-19)));
    Acknowledgement ack = Acknowledgement.parse(message);
    assertThat(ack.error()).isEqualTo(19);
    assertThat(ack.message()).contains("bad mode");
  }

  @Test
  void anEmptyEndOfADumpIsSuccess() throws MalformedMessage {
    assertThat(Acknowledgement.parse(message(NetlinkFlags.DONE, 0, new PayloadWriter())).error())
        .isZero();
  }

  @Test
  void codesThatNoKernelSendsAreRefused() {
    for (int code : new int[] {1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      var message = message(NetlinkFlags.ERROR, 0, new PayloadWriter().putS32(code));
      assertThatThrownBy(() -> Acknowledgement.parse(message)).isInstanceOf(MalformedMessage.class);
    }
  }

  /// Without an explanation, a refused dump ends with only the error.
  @Test
  void theEndOfADumpMayBeAnErrorAlone() throws MalformedMessage {
    var message = message(NetlinkFlags.DONE, 0, new PayloadWriter().putS32(-19));
    assertThat(Acknowledgement.parse(message).error()).isEqualTo(19);
  }

  @Test
  void anAcknowledgementMayEndWithTheRepeatedRequest() throws MalformedMessage {
    byte[] request = new NetlinkMessage(16, 5, 1, 2, Payload.of(new byte[0])).toBytes();
    var message =
        message(NetlinkFlags.ERROR, TLVS, new PayloadWriter().putS32(-1).putBytes(request));
    Acknowledgement ack = Acknowledgement.parse(message);
    assertThat(ack.error()).isEqualTo(1);
    assertThat(ack.message()).isEmpty();
  }

  @Test
  void aRepeatedRequestOfAnImpossibleLengthIsRefused() {
    for (int length : new int[] {-1, 0, 15, 17, 20, 24, Integer.MAX_VALUE}) {
      PayloadWriter payload = new PayloadWriter().putS32(-1).putS32(length).putBytes(new byte[12]);
      var message = message(NetlinkFlags.ERROR, TLVS, payload);
      assertThatThrownBy(() -> Acknowledgement.parse(message))
          .isInstanceOf(MalformedMessage.class)
          .hasMessage("an acknowledgement repeats " + Integer.toUnsignedLong(length) + " bytes");
    }
  }
}
