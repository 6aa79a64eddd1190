package dev.podbond.node.observe;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.net.IpPrefix;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.MacAddress;
import dev.podbond.bonding.net.PciAddress;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.ip.IpAddress;
import dev.podbond.netlink.link.AttributeValues;
import dev.podbond.netlink.link.BondAttribute;
import dev.podbond.netlink.link.BondMemberAttribute;
import dev.podbond.netlink.link.Link;
import dev.podbond.node.netns.NetnsAccess;
import dev.podbond.node.wire.BondOptionsOnWire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Reads links of one namespace and remembers the names it has seen, to tell masters by name.
final class LinkFactsReader {
  private static final int ARPHRD_LOOPBACK = 772;
  private static final int MAC_OCTETS = 6;

  private final Place place;
  private final NetnsAccess access;
  private final Map<Integer, Optional<String>> names = new HashMap<>();

  LinkFactsReader(Place place, NetnsAccess access) {
    this.place = place;
    this.access = access;
  }

  /// All links of the namespace.
  List<LinkFacts> readAll() throws NetlinkException {
    List<Link> links = access.links().list();
    links.forEach(link -> names.put(link.index(), Optional.of(link.name())));
    Map<Integer, List<IpPrefix>> addresses = new HashMap<>();
    for (IpAddress address : access.addresses().list()) {
      addresses
          .computeIfAbsent(address.linkIndex(), _ -> new ArrayList<>())
          .add(new IpPrefix(address.address(), address.prefixLength()));
    }
    List<LinkFacts> facts = new ArrayList<>();
    for (Link link : links) {
      facts.add(facts(link, addresses.getOrDefault(link.index(), List.of())));
    }
    return facts;
  }

  /// The link that goes by this name, if there is one.
  Optional<LinkFacts> read(String name) throws NetlinkException {
    Optional<Link> link = access.links().find(name);
    if (link.isEmpty()) {
      return Optional.empty();
    }
    names.put(link.get().index(), Optional.of(link.get().name()));
    List<IpPrefix> addresses =
        access.addresses().list(link.get().index()).stream()
            .map(address -> new IpPrefix(address.address(), address.prefixLength()))
            .toList();
    return Optional.of(facts(link.get(), addresses));
  }

  /// The name of a link of this namespace; empty if it is gone.
  Optional<String> nameOf(int index) throws NetlinkException {
    if (!names.containsKey(index)) {
      names.put(index, access.links().find(index).map(Link::name));
    }
    return names.getOrDefault(index, Optional.empty());
  }

  private LinkFacts facts(Link link, List<IpPrefix> addresses) throws NetlinkException {
    return new LinkFacts(
        new LinkRef(place, link.name()),
        link.index(),
        new HashSet<>(link.altNames()),
        link.kind().orElse(""),
        type(link),
        link.address().flatMap(LinkFactsReader::mac),
        link.mtu(),
        link.isUp(),
        link.isUp() && link.hasCarrier(),
        member(link),
        link.parentDeviceBus().filter("pci"::equals).isPresent()
            ? link.parentDeviceName().flatMap(PciAddress::parse)
            : Optional.empty(),
        bond(link),
        addresses);
  }

  private Optional<BondOptions> bond(Link link) throws NetlinkException {
    Optional<AttributeValues<BondAttribute>> attributes = link.bond();
    return attributes.isPresent()
        ? Optional.of(BondOptionsOnWire.decode(attributes.get(), this::nameOf))
        : Optional.empty();
  }

  private Optional<MemberFacts> member(Link link) throws NetlinkException {
    if (link.master().isEmpty()) {
      return Optional.empty();
    }
    int master = link.master().getAsInt();
    String name = nameOf(master).orElse("index " + master);
    AttributeValues<BondMemberAttribute> state = link.bondMember().orElse(AttributeValues.none());
    return Optional.of(
        new MemberFacts(
            name,
            link.memberKind().orElse(""),
            state.number(BondMemberAttribute.MII_STATUS).orElse(0) == 0,
            state.number(BondMemberAttribute.STATE).orElse(0) == 0,
            state.mac(BondMemberAttribute.PERM_HWADDR).flatMap(LinkFactsReader::mac),
            (int) state.number(BondMemberAttribute.LINK_FAILURE_COUNT).orElse(0),
            number(state.number(BondMemberAttribute.PRIO)),
            number(state.number(BondMemberAttribute.QUEUE_ID))));
  }

  private static OptionalInt number(OptionalLong value) {
    return value.isPresent() ? OptionalInt.of((int) value.getAsLong()) : OptionalInt.empty();
  }

  private static LinkFacts.Type type(Link link) {
    return switch (link.hardwareType()) {
      case Link.ARPHRD_ETHER -> LinkFacts.Type.ETHERNET;
      case Link.ARPHRD_INFINIBAND -> LinkFacts.Type.INFINIBAND;
      case ARPHRD_LOOPBACK -> LinkFacts.Type.LOOPBACK;
      default -> LinkFacts.Type.OTHER;
    };
  }

  private static Optional<MacAddress> mac(HardwareAddress address) {
    return address.length() == MAC_OCTETS
        ? Optional.of(MacAddress.of(address.toBytes()))
        : Optional.empty();
  }
}
