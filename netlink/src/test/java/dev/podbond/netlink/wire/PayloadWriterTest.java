package dev.podbond.netlink.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podbond.netlink.Property;
import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PayloadWriterTest {
  @Test
  void everyKindOfFieldAndAttributeInBytes() {
    assumeTrue(ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN));
    byte[] written =
        new PayloadWriter()
            .putU8(0xff)
            .putU16(0x0102)
            .putBe16(0x0102)
            .putS32(-2)
            .putU32(0xffff_fffeL)
            .putBytes(new byte[] {1, 2})
            .attributeU8(1, 0xff)
            .attributeU16(2, 0x8100)
            .attributeBe16(3, 0x8100)
            .attributeS32(4, -2)
            .attributeU32(5, 0xffff_fffeL)
            .attributeBytes(6, new byte[] {1, 2, 3, 4})
            .attributeString(7, "é")
            .nested(8, list -> list.attributeU8(1, 2))
            .putU8(7)
            .pad()
            .toBytes();
    assertThat(HexFormat.of().formatHex(written))
        .isEqualTo(
            "ff"
                + "0201"
                + "0102"
                + "feffffff"
                + "feffffff"
                + "0102"
                // Padding up to the first attribute.
                + "00"
                + "05000100ff000000"
                + "0600020000810000"
                + "0600030081000000"
                + "08000400feffffff"
                + "08000500feffffff"
                + "0800060001020304"
                // UTF-8 with a NUL at the end.
                + "07000700c3a90000"
                + "0c000880"
                + "0500010002000000"
                + "07000000");
  }

  @Test
  void aPayloadGrowsWithWhatIsWritten() {
    Property.holds(random -> {
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      PayloadWriter writer = new PayloadWriter();
      for (int i = random.nextInt(10); i >= 0; i--) {
        byte[] bytes = new byte[random.nextInt(1000)];
        random.nextBytes(bytes);
        expected.write(bytes);
        writer.putBytes(bytes);
      }
      assertThat(writer.toBytes()).isEqualTo(expected.toByteArray());
      assertThat(writer.toPayload()).isEqualTo(Payload.of(expected.toByteArray()));
    });
  }

  /// The length field, which counts the header too, has sixteen bits.
  @Test
  void theLongestAttributeIsRead() throws MalformedMessage {
    byte[] value = new byte[0xffff - Attribute.HEADER_LENGTH];
    Attributes attributes =
        new PayloadWriter().attributeBytes(1, value).attributeU8(2, 3).toPayload().attributes(0);
    assertThat(attributes.find(1).orElseThrow().bytes()).isEqualTo(value);
    assertThat(attributes.find(2).orElseThrow().u8()).isEqualTo(3);
  }

  @Test
  void typesThatOverlapTheFlagBitsAreRefused() {
    PayloadWriter writer = new PayloadWriter();
    assertThatThrownBy(() -> writer.attributeU8(Attribute.TYPE_MASK + 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("16384 is not in 0..16383");
    assertThat(writer.toBytes()).isEmpty();
  }
}
