package dev.podbond.netlink.ip;

import dev.podbond.netlink.wire.Attribute;
import dev.podbond.netlink.wire.Attributes;
import dev.podbond.netlink.wire.MalformedMessage;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Reads the values of attributes that may be missing.
final class IpAttributes {
  private IpAttributes() {}

  static Optional<InetAddress> address(Attributes attributes, int type) throws MalformedMessage {
    Optional<Attribute> attribute = attributes.find(type);
    return attribute.isPresent() ? Optional.of(attribute.get().inetAddress()) : Optional.empty();
  }

  static OptionalInt s32(Attributes attributes, int type) throws MalformedMessage {
    Optional<Attribute> attribute = attributes.find(type);
    return attribute.isPresent() ? OptionalInt.of(attribute.get().s32()) : OptionalInt.empty();
  }

  static OptionalLong u32(Attributes attributes, int type) throws MalformedMessage {
    Optional<Attribute> attribute = attributes.find(type);
    return attribute.isPresent() ? OptionalLong.of(attribute.get().u32()) : OptionalLong.empty();
  }
}
