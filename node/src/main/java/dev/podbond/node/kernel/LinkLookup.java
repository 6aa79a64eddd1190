package dev.podbond.node.kernel;

import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.netns.NodeNetns;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Finds the link that a change names.
///
/// A plan changes the same few links again and again. Each is looked up once, by its name; from
/// then on it is that link, by its index, whoever renames it meanwhile. What a change alters about
/// a link must be forgotten.
final class LinkLookup {
  private final NodeNetns netns;
  private final Map<LinkRef, Link> seen = new HashMap<>();

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

  /// The link of this very name, as it was when it was looked up.
  ///
  /// @throws Refusal `ENODEV` if there is none
  Link get(LinkRef ref) throws Refusal, NetlinkException {
    Link known = seen.get(ref);
    return known != null ? known : getNow(ref);
  }

  /// The link of this very name as it is now.
  ///
  /// @throws Refusal `ENODEV` if there is none
  Link getNow(LinkRef ref) throws Refusal, NetlinkException {
    Optional<Link> link = find(ref);
    if (link.isEmpty()) {
      throw new Refusal("ENODEV", "there is no link " + ref);
    }
    seen.put(ref, link.get());
    return link.get();
  }

  /// The link of this very name now, if there is one.
  Optional<Link> find(LinkRef ref) throws Refusal, NetlinkException {
    return at(ref).links().find(ref.name()).filter(link -> link.name().equals(ref.name()));
  }

  /// The index of the link of this very name.
  int index(LinkRef ref) throws Refusal, NetlinkException {
    return get(ref).index();
  }

  /// To be called when something about this link has changed that [#get] shows.
  void forget(LinkRef ref) {
    seen.remove(ref);
  }

  /// To be called when any name may belong to another link.
  void forgetAll() {
    seen.clear();
  }
}
