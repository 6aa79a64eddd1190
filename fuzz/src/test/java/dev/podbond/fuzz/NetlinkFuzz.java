package dev.podbond.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.podbond.netlink.ip.IpAddress;
import dev.podbond.netlink.ip.Route;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.wire.Acknowledgement;
import dev.podbond.netlink.wire.Attribute;
import dev.podbond.netlink.wire.Attributes;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.Payload;
import dev.podbond.netlink.wire.PayloadWriter;
import java.nio.ByteBuffer;
import java.util.List;

/// Messages of the kernel, with any lengths in them. Reading them always ends, with values or with
/// [MalformedMessage], and a message that was read is written again with the same bytes.
class NetlinkFuzz {
  private static final int DEEPEST = 5;

  @FunctionalInterface
  private interface Decoder {
    Object decode(NetlinkMessage message) throws MalformedMessage;
  }

  private static final List<Decoder> DECODERS =
      List.of(Link::parse, IpAddress::parse, Route::parse, Acknowledgement::parse);

  @FuzzTest
  void datagram(byte[] bytes) throws MalformedMessage {
    List<NetlinkMessage> messages;
    try {
      messages = NetlinkMessage.parseAll(ByteBuffer.wrap(bytes));
    } catch (MalformedMessage e) {
      assertThat(e.getMessage()).isNotEmpty();
      return;
    }
    assertThat(messages.size() * NetlinkMessage.HEADER_LENGTH).isLessThanOrEqualTo(bytes.length);
    for (NetlinkMessage message : messages) {
      assertThat(NetlinkMessage.parseAll(ByteBuffer.wrap(message.toBytes())))
          .containsExactly(message);
    }
  }

  /// The first byte chooses the decoder for the rest.
  @FuzzTest
  void message(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    byte[] body = java.util.Arrays.copyOfRange(bytes, 1, bytes.length);
    Decoder decoder = DECODERS.get((bytes[0] & 0xff) % DECODERS.size());
    NetlinkMessage message =
        new NetlinkMessage(bytes[0] & 0x3f, (bytes[0] & 0xc0) << 2, 1, 2, Payload.of(body));
    try {
      Object value = decoder.decode(message);
      assertThat(value).isEqualTo(decoder.decode(message));
      assertThat(value.toString()).isNotNull();
    } catch (MalformedMessage e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @FuzzTest
  void attributes(byte[] bytes) throws MalformedMessage {
    Attributes attributes;
    try {
      attributes = Payload.of(bytes).attributes(0);
    } catch (MalformedMessage e) {
      assertThat(e.getMessage()).isNotEmpty();
      return;
    }
    PayloadWriter writer = new PayloadWriter();
    for (Attribute attribute : attributes) {
      writer.attributeBytes(attribute.type(), attribute.bytes());
      assertThat(attribute.bytes().length).isLessThanOrEqualTo(bytes.length);
    }
    assertThat(writer.toPayload().attributes(0)).isEqualTo(attributes);
    assertThat(walk(attributes, 0)).isLessThanOrEqualTo(bytes.length * DEEPEST);
  }

  /// The number of attributes at all depths.
  private static int walk(Attributes attributes, int depth) {
    int count = 0;
    for (Attribute attribute : attributes) {
      count++;
      assertThat(attribute.string()).doesNotContain("\0");
      if (depth < DEEPEST - 1) {
        try {
          count += walk(attribute.nested(), depth + 1);
        } catch (MalformedMessage _) {
          // Not every attribute holds a list.
        }
      }
    }
    return count;
  }
}
