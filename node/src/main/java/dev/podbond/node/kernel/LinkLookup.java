package dev.podbond.node.kernel;

import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.netns.NodeNetns;
import java.util.Optional;

/// Finds the link that a change names.
final class LinkLookup {
  private final NodeNetns netns;

  LinkLookup(NodeNetns netns) {
    this.netns = netns;
  }

  /// The namespace of a place.
  ///
  /// @throws Refusal `ENOENT` if the pod is gone
  Rtnetlink at(Place place) throws Refusal {
    Optional<Rtnetlink> access = netns.at(place);
    if (access.isEmpty()) {
      throw new Refusal("ENOENT", "the pod's network namespace is gone");
    }
    return access.get();
  }

  Rtnetlink at(LinkRef ref) throws Refusal {
    return at(ref.place());
  }

  /// The link of this very name.
  ///
  /// @throws Refusal `ENODEV` if there is none
  Link get(LinkRef ref) throws Refusal, NetlinkException {
    Optional<Link> link = find(ref);
    if (link.isEmpty()) {
      throw new Refusal("ENODEV", "there is no link " + ref);
    }
    return link.get();
  }

  /// The link of this very name, if there is one.
  Optional<Link> find(LinkRef ref) throws Refusal, NetlinkException {
    return at(ref).links().find(ref.name()).filter(link -> link.name().equals(ref.name()));
  }

  /// The index of the link of this very name.
  int index(LinkRef ref) throws Refusal, NetlinkException {
    return get(ref).index();
  }
}
