package dev.podbond.node.observe;

import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.state.BondState;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.rtnl.Rtnetlink;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads the state of a bond. It asks only for the bond and its members, and for addresses one by
/// one: the pod may have any number of other links and addresses.
public final class BondObserver {
  private BondObserver() {}

  /// The state of a bond.
  ///
  /// @param pod where the bond is
  /// @param addressed the name of the interface that has its addresses
  /// @param given those of its addresses that another host may turn out to have
  /// @return empty if there is no bond of this name
  /// @throws NetlinkException if the namespace cannot be read
  public static Optional<BondState> observe(
      Rtnetlink pod, String bond, String addressed, Collection<Inet6Address> given)
      throws NetlinkException {
    LinkFactsReader reader =
        new LinkFactsReader(Place.POD, pod, Set.of(), LinkFactsReader.AddressesAskedFor.NONE);
    Optional<LinkFacts> link = reader.readWithoutAddresses(bond);
    return link.isEmpty()
        ? Optional.empty()
        : BondState.of(
            link.get(), reader.readMembers(link.get()), duplicates(pod, addressed, given));
  }

  private static List<InetAddress> duplicates(
      Rtnetlink pod, String addressed, Collection<Inet6Address> given) throws NetlinkException {
    List<InetAddress> duplicates = new ArrayList<>();
    if (!given.isEmpty()) {
      Optional<Link> link = pod.links().find(addressed);
      for (Inet6Address address : link.isPresent() ? given : List.<Inet6Address>of()) {
        if (pod.addresses()
            .find(link.get().index(), address)
            .filter(found -> found.flags().isDadFailed())
            .isPresent()) {
          duplicates.add(address);
        }
      }
    }
    return duplicates;
  }
}
