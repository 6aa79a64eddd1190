package dev.podbond.bonding.check;

import dev.podbond.bonding.check.Expectation.ExpectedVf;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfSetting;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Route;
import dev.podbond.value.IpPrefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Compares what ADD made with what is there.
public final class Comparison {
  private static final int MAIN_TABLE = 254;

  /// Of a long list, as many values help somebody who reads an error.
  private static final int TOLD_AT_MOST = 8;

  private Comparison() {}

  /// Everything that is not as ADD made it. A failover does not count: a change of the active
  /// member or a lost carrier is not a difference but a [degradation][#degradations].
  ///
  /// @param facts about the pod's links and routes and about the VFs
  public static List<Difference> differences(Expectation expected, NodeFacts facts) {
    Differences found = new Differences();
    expected.bond().ifPresent(bond -> BondComparison.compare(bond, facts, found));
    for (ExpectedVf vf : expected.vfs()) {
      compare(vf, expected.bond().isPresent(), facts, found);
    }
    expected.vlan().ifPresent(vlan -> compareVlan(vlan.link(), vlan.mtuBytes(), facts, found));
    compareAddresses(expected, facts, found);
    return found.list();
  }

  /// What works less well than intended: a missing carrier, and members that are down or, in
  /// 802.3ad, not in the aggregator that carries the traffic.
  public static List<Difference> degradations(Expectation expected, NodeFacts facts) {
    Differences found = new Differences();
    expected.bond().ifPresent(bond -> BondComparison.degradations(bond, facts, found));
    if (expected.bond().isEmpty()) {
      expected.vfs().stream()
          .flatMap(vf -> vf.podLink().stream())
          .flatMap(ref -> link(facts, ref).stream())
          .filter(link -> !link.carrier())
          .forEach(link -> found.add(link.ref(), "carrier", "there", "none"));
    }
    return found.list();
  }

  private static void compare(ExpectedVf vf, boolean inBond, NodeFacts facts, Differences found) {
    VfSettings now = facts.vf(vf.vf().pci()).map(VfFacts::pfSide).orElse(VfSettings.NONE);
    VfSettings wanted = vf.pfSide();
    String object = facts.vf(vf.vf().pci()).map(VfFacts::ref).orElse(vf.vf()).toString();
    for (VfSetting<?> setting : wanted.present()) {
      differ(object, setting.toString(), wanted.get(setting), now.get(setting), found);
    }
    if (vf.podLink().isEmpty() || inBond) {
      return;
    }
    LinkRef ref = vf.podLink().get();
    Optional<LinkFacts> link = link(facts, ref);
    if (link.isEmpty() || !link.get().pci().equals(Optional.of(vf.vf().pci()))) {
      found.add(ref, "interface", "of " + object, link.isEmpty() ? "nothing" : "another link");
      return;
    }
    if (!link.get().up()) {
      found.add(ref, "state", "up", "down");
    }
    differ(ref.toString(), "MAC", vf.mac(), link.get().mac(), found);
  }

  static void compareVlan(LinkRef ref, OptionalInt mtuBytes, NodeFacts facts, Differences found) {
    Optional<LinkFacts> vlan = link(facts, ref);
    if (vlan.isEmpty() || !vlan.get().kind().equals("vlan")) {
      found.add(ref, "interface", "a VLAN", vlan.isEmpty() ? "nothing" : "another kind");
      return;
    }
    if (!vlan.get().up()) {
      found.add(ref, "state", "up", "down");
    }
    int mtu = vlan.get().mtuBytes();
    if (mtuBytes.orElse(mtu) != mtu) {
      found.add(ref, "MTU", "" + mtuBytes.getAsInt(), "" + mtu);
    }
  }

  private static void compareAddresses(Expectation expected, NodeFacts facts, Differences found) {
    LinkRef ref = expected.addressed();
    Optional<LinkFacts> link = link(facts, ref);
    List<IpPrefix> present = link.map(LinkFacts::addresses).orElse(List.of());
    for (IpPrefix address : expected.addresses()) {
      if (!present.contains(address)) {
        found.add(ref, "address", address.toString(), list(present));
      } else if (link.filter(it -> it.duplicates().contains(address)).isPresent()) {
        found.add(
            ref,
            "address",
            address.toString(),
            "unusable, as another host has it (IPv6 duplicate address detection)");
      }
    }
    compareRoutes(expected, facts.routes().getOrDefault(ref.name(), List.of()), found);
  }

  /// Looks for each route only among those to its own network: an IPAM plugin may ask for
  /// thousands.
  private static void compareRoutes(Expectation expected, List<Route> present, Differences found) {
    LinkRef ref = expected.addressed();
    Map<IpPrefix, List<Route>> byNetwork =
        present.stream().collect(Collectors.groupingBy(route -> route.destination().network()));
    List<Route> missing =
        expected.routes().stream()
            .filter(route ->
                byNetwork.getOrDefault(route.destination().network(), List.of()).stream()
                    .noneMatch(candidate -> serves(candidate, route, expected.tables())))
            .toList();
    if (missing.isEmpty()) {
      return;
    }
    String all = list(present);
    missing.stream()
        .limit(TOLD_AT_MOST)
        .forEach(route -> found.add(ref, "route", route.toString(), all));
    if (missing.size() > TOLD_AT_MOST) {
      int asked = expected.routes().size();
      found.add(ref, "number of routes", "" + asked, "" + (asked - missing.size()));
    }
  }

  /// Whether a found route to the requested network is the requested one. The kernel may choose
  /// attributes that were not requested; for instance, it gives every IPv6 route a priority. Hop
  /// limits and MTU are not compared, since the kernel keeps them elsewhere.
  private static boolean serves(Route found, Route asked, Expectation.Tables tables) {
    return found.gateway().equals(asked.gateway())
        && (asked.priority().isEmpty() || asked.priority().equals(found.priority()))
        && (tables == Expectation.Tables.ANY
            || asked.table().orElse(MAIN_TABLE) == found.table().orElse(MAIN_TABLE));
  }

  /// The link of exactly this kernel name.
  static Optional<LinkFacts> link(NodeFacts facts, LinkRef ref) {
    return facts.links().stream().filter(link -> link.ref().equals(ref)).findFirst();
  }

  private static void differ(
      String object, String attribute, Optional<?> wanted, Optional<?> now, Differences found) {
    if (wanted.isPresent() && !wanted.equals(now)) {
      found.add(
          object,
          attribute,
          wanted.get().toString(),
          now.map(Object::toString).orElse("nothing the kernel reports"));
    }
  }

  private static String list(List<?> values) {
    Set<String> texts = new TreeSet<>();
    values.forEach(value -> texts.add(value.toString()));
    if (texts.isEmpty()) {
      return "none";
    }
    String told = texts.stream().limit(TOLD_AT_MOST).collect(Collectors.joining(", "));
    int left = texts.size() - TOLD_AT_MOST;
    return left > 0 ? told + " and " + left + " more" : told;
  }
}
