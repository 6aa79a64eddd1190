package dev.podbond.netlink.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PayloadTest {
  @FunctionalInterface
  private interface Reader {
    Object read(Payload payload, int offset) throws MalformedMessage;
  }

  private static Payload payload(int... bytes) {
    byte[] copy = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      copy[i] = (byte) bytes[i];
    }
    return Payload.of(copy);
  }

  @Test
  void nothingIsReadBeyondEitherEnd() throws MalformedMessage {
    Map<Integer, Reader> readers =
        Map.of(
            1, Payload::u8,
            2, Payload::u16,
            4, Payload::s32,
            5, (payload, offset) -> payload.bytes(offset, 5),
            6, (payload, offset) -> payload.slice(offset, 6));
    Payload payload = payload(1, 2, 3, 4, 5, 6, 7, 8);
    for (var entry : readers.entrySet()) {
      int width = entry.getKey();
      Reader reader = entry.getValue();
      assertThat(reader.read(payload, 8 - width)).isNotNull();
      for (int offset : new int[] {-1, 9 - width, 8, 9, Integer.MAX_VALUE}) {
        assertThatThrownBy(() -> reader.read(payload, offset))
            .isInstanceOf(MalformedMessage.class)
            .hasMessage(width + " bytes wanted at offset " + offset + " of 8");
      }
    }
    assertThat(payload.be16(6)).isEqualTo(0x0708);
    assertThatThrownBy(() -> payload.be16(7)).isInstanceOf(MalformedMessage.class);
    assertThatThrownBy(() -> payload.slice(0, -1)).isInstanceOf(MalformedMessage.class);
  }

  @Test
  void numbersWithoutASignAreNeverNegative() throws MalformedMessage {
    Payload ones = payload(0xff, 0xff, 0xff, 0xff);
    assertThat(ones.u8(0)).isEqualTo(0xff);
    assertThat(ones.u16(0)).isEqualTo(0xffff);
    assertThat(ones.be16(0)).isEqualTo(0xffff);
    assertThat(ones.u32(0)).isEqualTo(0xffff_ffffL);
    assertThat(ones.s32(0)).isEqualTo(-1);
  }

  @Test
  void numbersInNetworkOrderStartWithTheGreatestByte() throws MalformedMessage {
    assertThat(payload(0, 0x88, 0xa8).be16(1)).isEqualTo(0x88a8);
  }

  /// A message that ends inside its fixed structure is malformed; it is not a message with an empty
  /// list.
  @Test
  void attributesStartNoLaterThanTheEnd() throws MalformedMessage {
    Payload header = payload(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(header.attributes(8)).isEmpty();
    assertThatThrownBy(() -> header.attributes(9))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage("0 bytes wanted at offset 9 of 8");
  }

  /// The structure before the attributes may end anywhere; the attributes start at a multiple of
  /// four.
  @Test
  void attributesAreAligned() throws MalformedMessage {
    Payload payload = new PayloadWriter().putU8(1).putU8(2).attributeU8(3, 4).toPayload();
    assertThat(payload.attributes(2).find(3).orElseThrow().u8()).isEqualTo(4);
    assertThat(payload(1, 2).attributes(1)).isEmpty();
  }

  @Test
  void payloadsAreEqualByTheirBytes() throws MalformedMessage {
    Payload payload = payload(1, 2, 3);
    assertThat(payload)
        .isEqualTo(payload(0, 1, 2, 3, 4).slice(1, 3))
        .hasSameHashCodeAs(payload(1, 2, 3))
        .isNotEqualTo(payload(1, 2))
        .isNotEqualTo(payload(1, 2, 4))
        .doesNotHaveSameHashCodeAs(payload(1, 2, 4));
  }

  @Test
  void attributesAreEqualByTypeValueAndOrder() throws MalformedMessage {
    Attributes attributes =
        new PayloadWriter().attributeU8(1, 2).attributeU8(3, 4).toPayload().attributes(0);
    // The padding between two attributes belongs to neither.
    Attributes same = payload(5, 0, 1, 0, 2, 9, 9, 9, 5, 0, 3, 0, 4).attributes(0);
    Attributes swapped =
        new PayloadWriter().attributeU8(3, 4).attributeU8(1, 2).toPayload().attributes(0);
    assertThat(attributes.equals(same)).isTrue();
    assertThat(attributes.hashCode()).isEqualTo(same.hashCode()).isNotEqualTo(swapped.hashCode());
    assertThat(attributes.equals(swapped)).isFalse();
    assertThat(attributes.equals(Attributes.none())).isFalse();
  }

  /// Values may be long, so a message about a value gives only its length.
  @Test
  void bytesAreShownByTheirNumber() throws MalformedMessage {
    assertThat(payload(1, 2, 3)).hasToString("3 bytes");
    assertThat(new PayloadWriter().attributeU32(7, 1).toPayload().attributes(0).toString())
        .isEqualTo("[Attribute[type=7, value=4 bytes]]");
  }
}
