package dev.podbond.cli.machine;

import dev.podbond.bonding.facts.HostUse;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.value.IpPrefix;
import java.net.Inet6Address;
import java.util.Optional;

/// Describes what the host itself uses a VF for, by the same facts that keep a pod from getting a
/// link in use: its interface is part of a bond or bridge, has an address, something on top of it,
/// or a route. Such a VF is neither given away nor created anew.
final class UseInWords {
  private UseInWords() {}

  /// What the host uses a link for; empty if it does not use it.
  static Optional<String> of(LinkFacts link, HostUse use) {
    if (link.member().isPresent()) {
      return Optional.of("it is a member of " + link.member().get().bond());
    }
    Optional<IpPrefix> address =
        link.addresses().stream().filter(UseInWords::standsForSomething).findFirst();
    if (address.isPresent()) {
      return Optional.of("it has the address " + address.get());
    }
    if (!use.uppers().isEmpty()) {
      return Optional.of(use.uppers().getFirst() + " is on top of it");
    }
    return use.routes().stream().findFirst().map(to -> "the route to " + to + " goes through it");
  }

  /// IPv6 link-local addresses come and go with the interface's state.
  private static boolean standsForSomething(IpPrefix prefix) {
    return !(prefix.address() instanceof Inet6Address && prefix.address().isLinkLocalAddress());
  }
}
