package dev.podbond.netlink.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podbond.netlink.Property;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NetlinkMessageTest {
  @Test
  void aDatagramOfMessagesIsReadAsItWasWritten() {
    Property.holds(random -> {
      List<NetlinkMessage> messages = new ArrayList<>();
      ByteArrayOutputStream datagram = new ByteArrayOutputStream();
      for (int i = random.nextInt(5); i >= 0; i--) {
        NetlinkMessage message = message(random);
        messages.add(message);
        datagram.write(message.toBytes());
      }
      assertThat(NetlinkMessage.parseAll(ByteBuffer.wrap(datagram.toByteArray())))
          .isEqualTo(messages);
    });
  }

  private static NetlinkMessage message(Random random) {
    byte[] payload = new byte[random.nextInt(40)];
    random.nextBytes(payload);
    return new NetlinkMessage(
        random.nextInt(0x10000),
        random.nextInt(0x10000),
        random.nextInt(),
        random.nextInt(),
        Payload.of(payload));
  }

  @Test
  void theLastMessageOfADatagramNeedNotBePadded() throws MalformedMessage {
    NetlinkMessage message = new NetlinkMessage(16, 0, 1, 2, Payload.of(new byte[] {1, 2, 3}));
    byte[] padded = message.toBytes();
    assertThat(padded).hasSize(20);
    assertThat(NetlinkMessage.parseAll(ByteBuffer.wrap(padded, 0, 19))).containsExactly(message);
  }

  @Test
  void lengthsThatDoNotFitAreRefused() {
    byte[] bytes = new NetlinkMessage(16, 0, 1, 2, Payload.of(new byte[8])).toBytes();
    for (int length : new int[] {-1, 0, 15, 25, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      ByteBuffer hostile = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.nativeOrder());
      hostile.putInt(0, length);
      assertThatExceptionOfType(MalformedMessage.class)
          .isThrownBy(() -> NetlinkMessage.parseAll(hostile))
          .withMessageContaining("message length " + length);
    }
  }

  @Test
  void aLaterMessageIsHeldToWhatIsLeftOfTheDatagram() {
    byte[] one = new NetlinkMessage(16, 0, 1, 2, Payload.of(new byte[8])).toBytes();
    ByteBuffer two = ByteBuffer.allocate(2 * one.length).order(ByteOrder.nativeOrder());
    two.put(one).put(one).flip();
    two.putInt(one.length, one.length + 1);
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> NetlinkMessage.parseAll(two))
        .withMessage("message length 25 with 24 bytes left");
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> NetlinkMessage.parseAll(two.slice(0, one.length + 15)))
        .withMessage("15 bytes left, too few for a message header");
  }

  @Test
  void aTreeOfAttributesIsReadAsItWasWritten() {
    Property.holds(random -> {
      PayloadWriter writer = new PayloadWriter();
      Tree tree = Tree.random(random, 4);
      tree.write(writer);
      tree.verify(writer.toPayload().attributes(0));
    });
  }

  private record Tree(List<Integer> types, List<byte[]> values, List<Tree> nested) {
    static Tree random(Random random, int depth) {
      Tree tree = new Tree(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      for (int i = random.nextInt(5); i > 0; i--) {
        byte[] value = new byte[random.nextInt(20)];
        random.nextBytes(value);
        tree.types.add(random.nextInt(Attribute.TYPE_MASK + 1));
        tree.values.add(value);
      }
      if (depth > 0) {
        for (int i = random.nextInt(3); i > 0; i--) {
          tree.nested.add(random(random, depth - 1));
        }
      }
      return tree;
    }

    void write(PayloadWriter writer) {
      for (int i = 0; i < types.size(); i++) {
        writer.attributeBytes(types.get(i), values.get(i));
      }
      nested.forEach(tree -> writer.nested(1, tree::write));
    }

    void verify(Attributes attributes) throws MalformedMessage {
      List<Attribute> found = new ArrayList<>();
      attributes.forEach(found::add);
      assertThat(found).hasSize(types.size() + nested.size());
      for (int i = 0; i < types.size(); i++) {
        assertThat(found.get(i).type()).isEqualTo(types.get(i));
        assertThat(found.get(i).bytes()).isEqualTo(values.get(i));
      }
      for (int i = 0; i < nested.size(); i++) {
        nested.get(i).verify(found.get(types.size() + i).nested());
      }
    }
  }

  @Test
  void ofSeveralAttributesOfOneTypeTheLastCounts() throws MalformedMessage {
    Attributes attributes =
        new PayloadWriter().attributeU32(3, 1).attributeU32(3, 2).toPayload().attributes(0);
    assertThat(attributes.find(3).orElseThrow().u32()).isEqualTo(2);
    assertThat(attributes.find(4)).isEmpty();
  }

  @Test
  void aNumberIsNotReadFromAValueOfAnotherSize() throws MalformedMessage {
    Attribute attribute =
        new PayloadWriter().attributeU16(3, 1).toPayload().attributes(0).find(3).orElseThrow();
    assertThat(attribute.u16()).isEqualTo(1);
    assertThatThrownBy(attribute::u8).hasMessage("attribute 3 has 2 bytes instead of 1");
    assertThatThrownBy(attribute::u32).isInstanceOf(MalformedMessage.class);
    assertThatThrownBy(attribute::inetAddress).isInstanceOf(MalformedMessage.class);
  }

  @Test
  void numbersThatDoNotFitTheirWidthAreNotWritten() {
    PayloadWriter writer = new PayloadWriter();
    assertThatThrownBy(() -> writer.putU8(256)).hasMessage("256 is not in 0..255");
    assertThatThrownBy(() -> writer.putU16(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> writer.putU32(1L << 32)).hasMessageContaining("4294967296");
    assertThatThrownBy(() -> writer.attributeBytes(1, new byte[65532]))
        .hasMessageContaining("65536 bytes");
  }

  @Test
  void aMappedIpv4AddressStaysAnIpv6Address() throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = (byte) 0xff;
    mapped[15] = 1;
    Attribute attribute = new Attribute(1, Payload.of(mapped));
    assertThat(attribute.inetAddress().getAddress()).isEqualTo(mapped);
  }
}
