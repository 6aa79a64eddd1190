package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.wire.Attribute;
import dev.podbond.netlink.wire.Attributes;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.PayloadWriter;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/// Writes [AttributeValues] to the wire and reads them back.
final class AttributeCodec {
  private static final int IPV4_LENGTH = 4;
  private static final int IPV6_LENGTH = 16;

  private AttributeCodec() {}

  static <A extends Enum<A> & TypedAttribute> void write(
      PayloadWriter writer, AttributeValues<A> values) {
    values.asMap().forEach((attribute, value) -> write(writer, attribute, value));
  }

  private static void write(PayloadWriter writer, TypedAttribute attribute, AttributeValue value) {
    int number = attribute.number();
    switch (value) {
      case AttributeValue.Numeric(long n) -> writeNumber(writer, attribute, n);
      case AttributeValue.Mac(HardwareAddress mac) -> writer.attributeBytes(number, mac.toBytes());
      case AttributeValue.Addresses(List<InetAddress> list) ->
          writer.nested(
              number,
              w -> {
                for (int i = 0; i < list.size(); i++) {
                  w.attributeBytes(i, list.get(i).getAddress());
                }
              });
      case AttributeValue.Aggregator(BondAggregator state) -> writer.nested(number, state::writeTo);
    }
  }

  private static void writeNumber(PayloadWriter writer, TypedAttribute attribute, long value) {
    int number = attribute.number();
    switch (attribute.type()) {
      case U8 -> writer.attributeU8(number, (int) value);
      case U16 -> writer.attributeU16(number, (int) value);
      case U32, IFINDEX -> writer.attributeU32(number, value);
      case S32 -> writer.attributeS32(number, (int) value);
      case MAC, IPV4_LIST, IPV6_LIST, AGGREGATOR ->
          throw new IllegalStateException(attribute + " cannot hold a number");
    }
  }

  /// Ignores attributes that `byNumber` does not know: a newer kernel may send new ones.
  static <A extends Enum<A> & TypedAttribute> AttributeValues<A> parse(
      Attributes attributes, IntFunction<Optional<A>> byNumber) throws MalformedMessage {
    Map<A, AttributeValue> values = new HashMap<>();
    for (Attribute attribute : attributes) {
      Optional<A> known = byNumber.apply(attribute.type());
      if (known.isPresent()) {
        values.put(known.get(), value(known.get().type(), attribute));
      }
    }
    return AttributeValues.copyOf(values);
  }

  private static AttributeValue value(AttributeType type, Attribute attribute)
      throws MalformedMessage {
    return switch (type) {
      case U8 -> new AttributeValue.Numeric(attribute.u8());
      case U16 -> new AttributeValue.Numeric(attribute.u16());
      case U32, IFINDEX -> new AttributeValue.Numeric(attribute.u32());
      case S32 -> new AttributeValue.Numeric(attribute.s32());
      case MAC -> new AttributeValue.Mac(hardwareAddress(attribute));
      case IPV4_LIST -> addresses(attribute, IPV4_LENGTH);
      case IPV6_LIST -> addresses(attribute, IPV6_LENGTH);
      case AGGREGATOR -> new AttributeValue.Aggregator(BondAggregator.parse(attribute.nested()));
    };
  }

  static HardwareAddress hardwareAddress(Attribute attribute) throws MalformedMessage {
    byte[] bytes = attribute.bytes();
    if (bytes.length == 0 || bytes.length > HardwareAddress.MAX_LENGTH) {
      throw new MalformedMessage(
          "attribute %d is a hardware address of %d bytes"
              .formatted(attribute.type(), bytes.length));
    }
    return HardwareAddress.of(bytes);
  }

  private static AttributeValue addresses(Attribute attribute, int length) throws MalformedMessage {
    List<InetAddress> list = new ArrayList<>();
    for (Attribute entry : attribute.nested()) {
      if (entry.value().length() != length) {
        throw new MalformedMessage(
            "attribute %d lists an address of %d bytes instead of %d"
                .formatted(attribute.type(), entry.value().length(), length));
      }
      list.add(entry.inetAddress());
    }
    return new AttributeValue.Addresses(list);
  }
}
