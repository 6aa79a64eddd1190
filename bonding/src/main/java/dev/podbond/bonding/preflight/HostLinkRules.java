package dev.podbond.bonding.preflight;

import dev.podbond.bonding.facts.HostUse;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.net.Place;
import dev.podbond.value.IpPrefix;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Forbids a pod to take a link that the node itself uses. When a link moves, the kernel drops its
/// addresses and routes and deletes the interfaces on top of it. None of that comes back with the
/// link, and a node without its default route stays off the network.
final class HostLinkRules {
  private static final int SHOWN = 3;

  private HostLinkRules() {}

  /// @param subject the link for messages
  static Stream<Finding> check(String subject, LinkFacts link, NodeFacts facts) {
    if (link.ref().place() == Place.POD) {
      return Stream.empty();
    }
    HostUse use = facts.hostUse(link);
    List<String> found = new ArrayList<>();
    list("the address ", addresses(link)).forEach(found::add);
    list("the route ", use.routes().stream().map(HostLinkRules::route)).forEach(found::add);
    // A master is another use of the link; other rules report it.
    list(
            "on top of it ",
            use.uppers().stream()
                .filter(
                    upper -> link.member().filter(master -> master.bond().equals(upper)).isEmpty()))
        .forEach(found::add);
    if (use.vfCount() > 0) {
      found.add(use.vfCount() + " VFs of its own");
    }
    return found.isEmpty()
        ? Stream.empty()
        : Stream.of(
            Finding.refusal(
                subject,
                "the node itself uses "
                    + link.name()
                    + ": it has "
                    + String.join(", and ", found)
                    + ", which the node would lose for good; name a link that the node does not"
                    + " need, keep VFs that it uses out of the pool, or remove that from "
                    + link.name()
                    + " first"));
  }

  /// The addresses that show a use: IPv6 link-local ones come and go with the interface's state.
  static Stream<IpPrefix> addresses(LinkFacts link) {
    return link.addresses().stream().filter(prefix -> !isIpv6LinkLocal(prefix));
  }

  private static boolean isIpv6LinkLocal(IpPrefix prefix) {
    return prefix.address() instanceof Inet6Address && prefix.address().isLinkLocalAddress();
  }

  private static String route(IpPrefix destination) {
    return destination.length() == 0
        ? "to everywhere (" + destination + ", the default route)"
        : "to " + destination;
  }

  /// One phrase, or nothing; it names only the first of many.
  private static Stream<String> list(String what, Stream<?> things) {
    List<String> all = things.map(Object::toString).toList();
    return all.isEmpty()
        ? Stream.empty()
        : Stream.of(
            what
                + all.stream().limit(SHOWN).collect(Collectors.joining(", "))
                + (all.size() > SHOWN ? " and others" : ""));
  }
}
