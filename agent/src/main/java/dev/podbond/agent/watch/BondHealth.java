package dev.podbond.agent.watch;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.link.AttributeValue;
import dev.podbond.netlink.link.AttributeValues;
import dev.podbond.netlink.link.BondAggregator;
import dev.podbond.netlink.link.BondAttribute;
import dev.podbond.netlink.link.BondMemberAttribute;
import dev.podbond.netlink.link.Link;
import dev.podbond.value.IpText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// How one bond is.
///
/// @param active the active member; empty in modes where all are, and where none is
/// @param carrier whether the bond passes traffic at all
/// @param partner the LACP partner, if the mode has one and there is one
/// @param duplicates the addresses that its attachment was given and another host has: they do not
///   work
public record BondHealth(
    String bond,
    BondMode mode,
    Optional<String> active,
    boolean carrier,
    List<Member> members,
    Optional<HardwareAddress> partner,
    List<InetAddress> duplicates) {
  private static final long MII_UP = 0;

  public BondHealth {
    members = List.copyOf(members);
    duplicates = List.copyOf(duplicates);
  }

  /// How one member is.
  ///
  /// @param miiUp whether link monitoring holds it up
  /// @param failures how often it went down
  public record Member(String name, boolean miiUp, long failures) {
    @Override
    public String toString() {
      return name + (miiUp ? " up" : " down");
    }
  }

  /// The health of a bond.
  ///
  /// @param links its members; others are passed over
  /// @param duplicates what another host has of its addresses
  /// @return empty if the link is no bond
  static Optional<BondHealth> of(Link bond, List<Link> links, List<InetAddress> duplicates) {
    if (bond.bond().isEmpty()) {
      return Optional.empty();
    }
    AttributeValues<BondAttribute> options = bond.bond().get();
    return BondMode.of(options.number(BondAttribute.MODE).orElse(-1))
        .map(mode ->
            new BondHealth(
                bond.name(),
                mode,
                active(options, links),
                bond.hasCarrier(),
                links.stream()
                    .filter(link -> link.master().equals(OptionalInt.of(bond.index())))
                    .flatMap(link -> member(link).stream())
                    .toList(),
                partner(options),
                duplicates));
  }

  private static Optional<String> active(AttributeValues<BondAttribute> options, List<Link> links) {
    long index = options.number(BondAttribute.ACTIVE_SLAVE).orElse(0);
    return links.stream().filter(link -> link.index() == index).map(Link::name).findFirst();
  }

  private static Optional<Member> member(Link link) {
    return link.bondMember()
        .map(state ->
            new Member(
                link.name(),
                state.number(BondMemberAttribute.MII_STATUS).orElse(-1) == MII_UP,
                state.number(BondMemberAttribute.LINK_FAILURE_COUNT).orElse(0)));
  }

  private static Optional<HardwareAddress> partner(AttributeValues<BondAttribute> options) {
    return options.get(BondAttribute.AD_INFO).orElse(null)
            instanceof AttributeValue.Aggregator(BondAggregator state)
        ? Optional.of(state.partner()).filter(BondHealth::isSet)
        : Optional.empty();
  }

  private static boolean isSet(HardwareAddress address) {
    byte[] octets = address.toBytes();
    return IntStream.range(0, octets.length).anyMatch(i -> octets[i] != 0);
  }

  /// What is wrong with it; empty if nothing is.
  ///
  /// @param expected how many members it was made with
  public List<String> problems(int expected) {
    List<String> problems = new ArrayList<>();
    if (!carrier) {
      problems.add("no member passes traffic");
    }
    members.stream()
        .filter(member -> !member.miiUp())
        .forEach(member -> problems.add("member " + member.name() + " has no link"));
    if (members.size() < expected) {
      problems.add(members.size() + " of " + expected + " members are in the bond");
    }
    if (mode == BondMode.LACP && partner.isEmpty()) {
      problems.add("no LACP partner answers");
    }
    duplicates.forEach(
        address -> problems.add("another host has its address " + IpText.format(address)));
    return problems;
  }

  /// What changed since an earlier look, in words; empty if nothing did.
  List<String> since(BondHealth before) {
    List<String> changes = new ArrayList<>();
    if (!active.equals(before.active)) {
      changes.add("active member " + before.active.orElse("none") + " -> " + active.orElse("none"));
    }
    for (Member member : members) {
      if (before.members.stream()
          .noneMatch(
              known -> known.name().equals(member.name()) && known.miiUp() == member.miiUp())) {
        changes.add("member " + member);
      }
    }
    before.members.stream()
        .filter(known -> members.stream().noneMatch(member -> member.name().equals(known.name())))
        .forEach(known -> changes.add("member " + known.name() + " left"));
    if (!partner.equals(before.partner)) {
      changes.add("LACP partner " + partner.map(HardwareAddress::toString).orElse("none"));
    }
    duplicates.stream()
        .filter(address -> !before.duplicates.contains(address))
        .forEach(address -> changes.add("another host has " + IpText.format(address)));
    before.duplicates.stream()
        .filter(address -> !duplicates.contains(address))
        .forEach(
            address -> changes.add("no other host has " + IpText.format(address) + " any more"));
    return changes;
  }

  JsonObject toJson(int expected) {
    List<String> problems = problems(expected);
    return JsonObject.builder()
        .put("bond", bond)
        .put("mode", mode.toString())
        .put("healthy", problems.isEmpty())
        .put("problems", JsonArray.ofStrings(problems))
        .put("active", active.orElse(""))
        .put("carrier", carrier)
        .put(
            "members",
            new JsonArray(
                List.copyOf(
                    members.stream()
                        .map(member ->
                            JsonObject.builder()
                                .put("name", member.name())
                                .put("mii", member.miiUp() ? "up" : "down")
                                .put("failures", member.failures())
                                .build())
                        .toList())))
        .putIfPresent("lacpPartner", partner, mac -> new JsonString(mac.toString()))
        .build();
  }
}
