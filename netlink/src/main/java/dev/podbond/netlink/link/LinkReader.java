package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.wire.Attribute;
import dev.podbond.netlink.wire.Attributes;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.Payload;
import dev.podbond.value.LinkTraffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads a [Link] from the payload of a link message.
final class LinkReader {
  private static final String BOND = "bond";
  private static final String VLAN = "vlan";
  private static final int ETHERNET_ADDRESS_LENGTH = 6;

  private LinkReader() {}

  static Link read(Payload payload) throws MalformedMessage {
    LinkHeader header = LinkHeader.parse(payload);
    Attributes attributes = payload.attributes(LinkHeader.LENGTH);
    Optional<HardwareAddress> address = hardwareAddress(attributes, Ifla.ADDRESS);
    Attributes info = attributes.nested(Ifla.LINKINFO);
    Optional<String> kind = info.find(Ifla.INFO_KIND).map(Attribute::string);
    Optional<String> memberKind = info.find(Ifla.INFO_SLAVE_KIND).map(Attribute::string);
    int addressLength = address.map(HardwareAddress::length).orElse(ETHERNET_ADDRESS_LENGTH);
    return new Link(
        header.index(),
        attributes.find(Ifla.IFNAME).map(Attribute::string).orElse(""),
        altNames(attributes),
        address,
        mtu(attributes),
        new LinkFlags(header.flags()),
        carrier(attributes),
        header.hardwareType(),
        kind,
        // In events, 0 means that there is no master or parent.
        nonZero(number(attributes, Ifla.MASTER)),
        memberKind,
        nonZero(number(attributes, Ifla.LINK)),
        attributes.find(Ifla.PARENT_DEV_NAME).map(Attribute::string),
        attributes.find(Ifla.PARENT_DEV_BUS_NAME).map(Attribute::string),
        bond(kind, info),
        bondMember(memberKind, info),
        kind.equals(Optional.of(VLAN)) ? Vlan.parse(info.nested(Ifla.INFO_DATA)) : Optional.empty(),
        VfCodec.parse(attributes.nested(Ifla.VFINFO_LIST), addressLength),
        attributes);
  }

  /// What the link of a message has carried, if it has this name. The counters are in the order of
  /// `rtnl_link_stats64`, in pairs of received and transmitted.
  static Optional<LinkTraffic> traffic(Payload payload, String name) throws MalformedMessage {
    Attributes attributes = payload.attributes(LinkHeader.LENGTH);
    Optional<Attribute> stats = attributes.find(Ifla.STATS64);
    if (stats.isEmpty()
        || !attributes.find(Ifla.IFNAME).map(Attribute::string).equals(Optional.of(name))) {
      return Optional.empty();
    }
    return Optional.of(
        new LinkTraffic(count(stats.get().value(), 0), count(stats.get().value(), Long.BYTES)));
  }

  private static LinkTraffic.Count count(Payload stats, int direction) throws MalformedMessage {
    int pair = 2 * Long.BYTES;
    return new LinkTraffic.Count(
        stats.u64(pair + direction),
        stats.u64(direction),
        stats.u64(2 * pair + direction),
        stats.u64(3 * pair + direction));
  }

  private static Optional<AttributeValues<BondAttribute>> bond(
      Optional<String> kind, Attributes info) throws MalformedMessage {
    return kind.equals(Optional.of(BOND))
        ? Optional.of(AttributeCodec.parse(info.nested(Ifla.INFO_DATA), BondAttribute::of))
        : Optional.empty();
  }

  private static Optional<AttributeValues<BondMemberAttribute>> bondMember(
      Optional<String> kind, Attributes info) throws MalformedMessage {
    return kind.equals(Optional.of(BOND))
        ? Optional.of(
            AttributeCodec.parse(info.nested(Ifla.INFO_SLAVE_DATA), BondMemberAttribute::of))
        : Optional.empty();
  }

  private static List<String> altNames(Attributes attributes) throws MalformedMessage {
    List<String> names = new ArrayList<>();
    for (Attribute property : attributes.nested(Ifla.PROP_LIST)) {
      if (property.type() == Ifla.ALT_IFNAME) {
        names.add(property.string());
      }
    }
    return List.copyOf(names);
  }

  private static Optional<HardwareAddress> hardwareAddress(Attributes attributes, int type)
      throws MalformedMessage {
    Optional<Attribute> attribute = attributes.find(type);
    // For a device without an address the kernel sends no attribute, or an empty one.
    return attribute.isEmpty() || attribute.get().value().length() == 0
        ? Optional.empty()
        : Optional.of(AttributeCodec.hardwareAddress(attribute.get()));
  }

  private static int mtu(Attributes attributes) throws MalformedMessage {
    Optional<Attribute> attribute = attributes.find(Ifla.MTU);
    return attribute.isEmpty() ? 0 : (int) Math.min(attribute.get().u32(), Integer.MAX_VALUE);
  }

  private static OptionalInt number(Attributes attributes, int type) throws MalformedMessage {
    Optional<Attribute> attribute = attributes.find(type);
    return attribute.isEmpty() ? OptionalInt.empty() : OptionalInt.of(attribute.get().s32());
  }

  private static OptionalInt nonZero(OptionalInt number) {
    return number.equals(OptionalInt.of(0)) ? OptionalInt.empty() : number;
  }

  private static boolean carrier(Attributes attributes) throws MalformedMessage {
    Optional<Attribute> attribute = attributes.find(Ifla.CARRIER);
    return attribute.isPresent() && attribute.get().u8() != 0;
  }
}
