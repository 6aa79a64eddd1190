package dev.podbond.bonding.facts;

import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.net.Route;
import dev.podbond.value.PciAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All facts for one decision, observed before anything is touched.
///
/// @param links the links that concern the attachment, in both namespaces; not necessarily all
/// @param vfs the VFs that concern it, by PCI address
/// @param routes the routes in the pod, by the name of their link
/// @param hostUses what the node uses its links for, by their names, if that was requested
public record NodeFacts(
    List<LinkFacts> links,
    Map<PciAddress, VfFacts> vfs,
    Map<String, List<Route>> routes,
    Map<String, HostUse> hostUses) {
  public NodeFacts {
    links = List.copyOf(links);
    vfs = Map.copyOf(vfs);
    routes = Map.copyOf(routes);
    hostUses = Map.copyOf(hostUses);
  }

  /// Facts for a decision that moves no link off the host.
  public NodeFacts(
      List<LinkFacts> links, Map<PciAddress, VfFacts> vfs, Map<String, List<Route>> routes) {
    this(links, vfs, routes, Map.of());
  }

  /// The same facts, with what the node uses its links for.
  public NodeFacts withHostUses(Map<String, HostUse> uses) {
    return new NodeFacts(links, vfs, routes, uses);
  }

  /// The same facts, with others of the VFs.
  public NodeFacts withVfs(Map<PciAddress, VfFacts> others) {
    return new NodeFacts(links, others, routes, hostUses);
  }

  /// What the node uses a link for; nothing if the link is in the pod.
  public HostUse hostUse(LinkFacts link) {
    return link.ref().place() == Place.HOST
        ? hostUses.getOrDefault(link.name(), HostUse.NONE)
        : HostUse.NONE;
  }

  /// The link that answers to a name, its alternative names included.
  public Optional<LinkFacts> link(Place place, String name) {
    return links.stream()
        .filter(link -> link.ref().place() == place && link.answersTo(name))
        .findFirst();
  }

  public Optional<VfFacts> vf(PciAddress pci) {
    return Optional.ofNullable(vfs.get(pci));
  }

  /// The VF behind a link, if it is one.
  public Optional<VfFacts> vfOf(LinkFacts link) {
    return link.pci().flatMap(this::vf);
  }
}
