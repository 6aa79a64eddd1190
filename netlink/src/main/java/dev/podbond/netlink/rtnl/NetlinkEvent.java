package dev.podbond.netlink.rtnl;

import dev.podbond.netlink.ip.IpAddress;
import dev.podbond.netlink.ip.Neighbour;
import dev.podbond.netlink.ip.Route;
import dev.podbond.netlink.link.Link;

/// One piece of news about a network namespace.
public sealed interface NetlinkEvent {
  /// An interface is new or different. The kernel also tells it when nothing this module shows has
  /// changed.
  record LinkChanged(Link link) implements NetlinkEvent {}

  /// An interface is gone, to nowhere or to another namespace.
  record LinkRemoved(Link link) implements NetlinkEvent {}

  /// An address is new or different: duplicate address detection shows as the end of tentative.
  record AddressChanged(IpAddress address) implements NetlinkEvent {}

  /// An address is gone.
  record AddressRemoved(IpAddress address) implements NetlinkEvent {}

  /// A route is new or different.
  record RouteChanged(Route route) implements NetlinkEvent {}

  /// A route is gone.
  record RouteRemoved(Route route) implements NetlinkEvent {}

  /// A neighbour is new or different.
  record NeighbourChanged(Neighbour neighbour) implements NetlinkEvent {}

  /// A neighbour is gone.
  record NeighbourRemoved(Neighbour neighbour) implements NetlinkEvent {}

  /// The kernel had to drop news, because this listener was slow: what was known of the namespace
  /// must be read again.
  record Overrun() implements NetlinkEvent {}

  /// Something was announced that nobody wanted to be read: what was known may be so no more.
  record Unread() implements NetlinkEvent {}
}
