package dev.podbond.node.observe;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.MemberFacts;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.netlink.Errno;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.ip.IpAddress;
import dev.podbond.netlink.link.AttributeValue;
import dev.podbond.netlink.link.AttributeValues;
import dev.podbond.netlink.link.BondAggregator;
import dev.podbond.netlink.link.BondAttribute;
import dev.podbond.netlink.link.BondMemberAttribute;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.netlink.socket.DumpReader;
import dev.podbond.node.wire.BondOptionsOnWire;
import dev.podbond.node.wire.LinkTuningOnWire;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads links of one namespace and remembers the names it has seen, to tell masters by name.
final class LinkFactsReader {
  private static final int ARPHRD_LOOPBACK = 772;
  private static final int MAC_OCTETS = 6;

  /// How many addresses and alternative names of a link are reported beside those asked for.
  private static final int OTHERS_TOLD = 16;

  /// More alternative names than the kernel allows a link (`rtnl_alt_ifname` with 64 KiB for all).
  /// All names of a NIC are reported, since it must lose them before it returns to the host. The
  /// same holds for any other link that is asked for, as it may have come from the host too.
  private static final int ALL_NAMES = 1024;

  /// The limit for all those other links together: a node has few NICs, but a pod can have any
  /// number of links, each with many names.
  private static final int NAMES_OF_OTHERS_TOLD = 4 * ALL_NAMES;

  /// How many unexpected members of a bond are reported: enough to see that they are foreign.
  private static final int FOREIGN_MEMBERS_TOLD = 64;

  /// `BOND_LINK_UP` and `BOND_LINK_DOWN`. A member that is not reported as up counts as down.
  private static final int MII_UP = 0;

  private static final int MII_DOWN = 2;

  private final Place place;
  private final Rtnetlink access;
  private final Set<String> names;
  private final AddressesAskedFor addresses;
  private final Map<Integer, Optional<String>> known = new HashMap<>();
  private int namesLeft = NAMES_OF_OTHERS_TOLD;

  /// @param names the names asked for
  /// @param addresses the addresses asked for
  LinkFactsReader(Place place, Rtnetlink access, Set<String> names, AddressesAskedFor addresses) {
    this.place = place;
    this.access = access;
    this.names = names;
    this.addresses = addresses;
  }

  /// Which addresses are asked for.
  @FunctionalInterface
  interface AddressesAskedFor {
    /// No link is read with addresses.
    AddressesAskedFor NONE = _ -> Optional.empty();

    /// Every link is read with some of its addresses, whichever they are.
    AddressesAskedFor SOME = _ -> Optional.of(Set.of());

    /// The addresses asked for of links, by their names.
    static AddressesAskedFor of(Map<String, Set<IpPrefix>> byLink) {
      return link ->
          Stream.concat(Stream.of(link.name()), link.altNames().stream())
              .filter(byLink::containsKey)
              .findFirst()
              .map(byLink::get);
    }

    /// Those of one link; empty if it is read without addresses.
    Optional<Set<IpPrefix>> of(Link link);
  }

  /// All links of the namespace.
  List<LinkFacts> readAll() throws NetlinkException {
    List<Link> links = access.links().list();
    links.forEach(link -> known.put(link.index(), Optional.of(link.name())));
    Map<Integer, List<IpAddress>> addresses = new HashMap<>();
    for (IpAddress address : access.addresses().list()) {
      addresses.computeIfAbsent(address.linkIndex(), _ -> new ArrayList<>()).add(address);
    }
    List<LinkFacts> facts = new ArrayList<>();
    for (Link link : links) {
      facts.add(facts(link, addresses.getOrDefault(link.index(), List.of()), fewNames(link)));
    }
    return facts;
  }

  /// The link that goes by this name, if there is one.
  Optional<LinkFacts> read(String name) throws NetlinkException {
    Optional<Link> link = access.links().find(name);
    return link.isEmpty() ? Optional.empty() : Optional.of(read(link.get()));
  }

  /// The link of exactly this name without its addresses, of which there may be any number.
  Optional<LinkFacts> readWithoutAddresses(String name) throws NetlinkException {
    Optional<Link> link = access.links().find(name).filter(found -> found.name().equals(name));
    if (link.isEmpty()) {
      return Optional.empty();
    }
    known.put(link.get().index(), Optional.of(name));
    return Optional.of(facts(link.get(), List.of(), fewNames(link.get())));
  }

  private LinkFacts read(Link link) throws NetlinkException {
    known.put(link.index(), Optional.of(link.name()));
    Optional<Set<IpPrefix>> asked = addresses.of(link);
    List<IpAddress> found = asked.isPresent() ? addresses(link.index(), asked.get()) : List.of();
    if (link.kind().isEmpty()) {
      return facts(link, found, ALL_NAMES);
    }
    int most = Math.max(OTHERS_TOLD, Math.min(ALL_NAMES, namesLeft));
    LinkFacts facts = facts(link, found, most);
    namesLeft -= facts.altNames().size();
    return facts;
  }

  /// The addresses asked for and a few others: a link may have any number.
  private List<IpAddress> addresses(int index, Set<IpPrefix> asked) throws NetlinkException {
    List<IpAddress> told = new ArrayList<>();
    access
        .addresses()
        .forEach(
            index,
            new DumpReader<>() {
              private int others;

              @Override
              public void begin() {
                told.clear();
                others = 0;
              }

              @Override
              public void read(IpAddress address) {
                if (asked.contains(prefix(address))) {
                  told.add(address);
                } else if (others < OTHERS_TOLD) {
                  others++;
                  told.add(address);
                }
              }
            });
    return told;
  }

  /// The members of a bond, without their addresses: every NIC, and only some of the virtual links
  /// if there are many, since a pod can make any number of these and none of those.
  List<LinkFacts> readMembers(LinkFacts bond) throws NetlinkException {
    List<Link> members = new ArrayList<>();
    access
        .links()
        .forEachMember(
            bond.index(),
            new DumpReader<>() {
              private int virtual;

              @Override
              public void begin() {
                members.clear();
                virtual = 0;
              }

              @Override
              public void read(Link link) {
                if (pci(link).isPresent() || virtual++ < FOREIGN_MEMBERS_TOLD) {
                  members.add(link.withoutAttributes());
                }
              }
            });
    List<LinkFacts> facts = new ArrayList<>();
    for (Link member : members) {
      known.put(member.index(), Optional.of(member.name()));
      facts.add(facts(member, List.of(), fewNames(member)));
    }
    return facts;
  }

  /// The links of these devices under whatever names they have now. If other links come and go
  /// meanwhile, the result still counts as long as the devices' own links are found.
  List<LinkFacts> find(Set<PciAddress> devices) throws NetlinkException {
    Map<PciAddress, Integer> found = new HashMap<>();
    try {
      access
          .links()
          .forEach(link ->
              pci(link)
                  .filter(devices::contains)
                  .ifPresent(pci -> found.putIfAbsent(pci, link.index())));
    } catch (NetlinkException e) {
      if (!e.errno().equals(Errno.EINTR) || found.size() < devices.size()) {
        throw e;
      }
    }
    List<LinkFacts> facts = new ArrayList<>();
    for (Map.Entry<PciAddress, Integer> device : found.entrySet()) {
      Optional<Link> link =
          access
              .links()
              .find(device.getValue())
              .filter(now -> pci(now).equals(Optional.of(device.getKey())));
      if (link.isPresent()) {
        facts.add(read(link.get()));
      }
    }
    return facts;
  }

  /// The name of a link of this namespace; empty if it is gone.
  Optional<String> nameOf(int index) throws NetlinkException {
    if (!known.containsKey(index)) {
      known.put(index, access.links().find(index).map(Link::name));
    }
    return known.getOrDefault(index, Optional.empty());
  }

  /// How many names are reported of a link that was not asked for.
  private static int fewNames(Link link) {
    return link.kind().isEmpty() ? ALL_NAMES : OTHERS_TOLD;
  }

  /// The alternative names asked for, and others.
  ///
  /// @param most how many others
  private Set<String> altNames(Link link, int most) {
    Set<String> told = new HashSet<>();
    int others = 0;
    for (String name : link.altNames()) {
      if (names.contains(name) || others++ < most) {
        told.add(name);
      }
    }
    return told;
  }

  private static Optional<PciAddress> pci(Link link) {
    return link.parentDeviceBus().filter("pci"::equals).isPresent()
        ? link.parentDeviceName().flatMap(PciAddress::parse)
        : Optional.empty();
  }

  private static IpPrefix prefix(IpAddress address) {
    return new IpPrefix(address.address(), address.prefixLength());
  }

  /// @param names how many alternative names are reported beside those asked for
  private LinkFacts facts(Link link, List<IpAddress> addresses, int names) throws NetlinkException {
    return new LinkFacts(
        new LinkRef(place, link.name()),
        link.index(),
        altNames(link, names),
        link.kind().orElse(""),
        type(link),
        link.address().flatMap(LinkFactsReader::mac),
        link.mtu(),
        link.isUp(),
        link.isUp() && link.hasCarrier(),
        member(link),
        pci(link),
        bond(link),
        addresses.stream().map(LinkFactsReader::prefix).toList(),
        LinkTuningOnWire.decode(link),
        addresses.stream()
            .filter(address -> address.flags().isDadFailed())
            .map(LinkFactsReader::prefix)
            .collect(Collectors.toSet()),
        link.bond().flatMap(LinkFactsReader::lacpPartner));
  }

  private static Optional<MacAddress> lacpPartner(AttributeValues<BondAttribute> bond) {
    return bond.get(BondAttribute.AD_INFO).orElse(null)
            instanceof AttributeValue.Aggregator(BondAggregator state)
        ? mac(state.partner()).filter(partner -> !partner.isZero())
        : Optional.empty();
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
            state.number(BondMemberAttribute.MII_STATUS).orElse(MII_DOWN) == MII_UP,
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

  static Optional<MacAddress> mac(HardwareAddress address) {
    return address.length() == MAC_OCTETS
        ? Optional.of(MacAddress.of(address.toBytes()))
        : Optional.empty();
  }
}
