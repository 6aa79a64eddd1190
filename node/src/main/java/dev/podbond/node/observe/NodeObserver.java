package dev.podbond.node.observe;

import dev.podbond.bonding.facts.HostUse;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.PfFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.PciAddress;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.net.Route;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.ip.Family;
import dev.podbond.netlink.ip.NextHop;
import dev.podbond.netlink.link.Link;
import dev.podbond.node.netns.NetnsAccess;
import dev.podbond.node.netns.NodeNetns;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.node.wire.RoutesOnWire;
import dev.podbond.node.wire.VfSettingsOnWire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Observes a node and one pod in few exchanges: one listing each of the pod's links, addresses and
/// routes, one question per link on the host, and one per PF, which is the only one that asks for
/// VFs. The host's links are never listed: a node may have hundreds, each with its VFs.
public final class NodeObserver {
  private final NodeNetns netns;
  private final PciDevices devices;
  private final Map<PciAddress, VfDevice> knownVfs = new HashMap<>();

  /// @param netns stays the caller's to close
  public NodeObserver(NodeNetns netns, PciDevices devices) {
    this.netns = netns;
    this.devices = devices;
  }

  /// The facts as they are now.
  ///
  /// Links that do not exist are not in them; neither are devices that are no VFs, or whose PF has
  /// no network interface on the host.
  ///
  /// @throws IOException if the kernel or sysfs cannot be read
  public NodeFacts observe(FactsRequest request) throws IOException {
    List<LinkFacts> links = new ArrayList<>();
    Map<String, List<Route>> routes = Map.of();
    if (netns.pod().isPresent()) {
      NetnsAccess pod = netns.pod().get();
      LinkFactsReader reader = new LinkFactsReader(Place.POD, pod);
      links.addAll(reader.readAll());
      routes = routes(pod, reader);
    }
    LinkFactsReader host = new LinkFactsReader(Place.HOST, netns.host());
    addHostLinks(host, request.hostLinks(), links);
    Map<PciAddress, VfDevice> vfDevices = vfDevices(request, links);
    addHostLinks(
        host, vfDevices.values().stream().flatMap(vf -> vf.hostName().stream()).toList(), links);
    return new NodeFacts(links, vfs(vfDevices, links), routes);
  }

  /// The facts with what the node does with each link of the host among them, which is asked only
  /// where such a link may be about to leave.
  ///
  /// @throws IOException if the kernel or sysfs cannot be read
  public NodeFacts withHostUses(NodeFacts facts) throws IOException {
    HostUseReader reader = new HostUseReader(netns.host(), devices);
    Map<String, HostUse> uses = new HashMap<>();
    for (LinkFacts link : facts.links()) {
      if (link.ref().place() == Place.HOST) {
        uses.put(link.name(), reader.read(link));
      }
    }
    return facts.withHostUses(uses);
  }

  /// The VFs asked for and those behind the links found, as sysfs knows them.
  private Map<PciAddress, VfDevice> vfDevices(FactsRequest request, List<LinkFacts> links)
      throws IOException {
    Set<PciAddress> wanted = new TreeSet<>(request.devices());
    links.forEach(link -> link.pci().ifPresent(wanted::add));
    Map<PciAddress, VfDevice> found = new TreeMap<>();
    for (PciAddress pci : wanted) {
      vfDevice(pci).ifPresent(vf -> found.put(pci, vf));
    }
    return found;
  }

  /// Which VF a function is does not change while one observer is in use; where its interface is
  /// does.
  private Optional<VfDevice> vfDevice(PciAddress pci) throws IOException {
    Optional<VfDevice> known = Optional.ofNullable(knownVfs.get(pci));
    Optional<VfDevice> now =
        known.isPresent() ? Optional.of(devices.refreshed(known.get())) : devices.vf(pci);
    now.ifPresent(vf -> knownVfs.put(pci, vf));
    return now;
  }

  /// Adds links of the host that go by these names, each link once.
  private static void addHostLinks(
      LinkFactsReader host, Collection<String> names, List<LinkFacts> links)
      throws NetlinkException {
    for (String name : names) {
      Optional<LinkFacts> link = host.read(name);
      if (link.isPresent()
          && links.stream().map(LinkFacts::ref).noneMatch(link.get().ref()::equals)) {
        links.add(link.get());
      }
    }
  }

  private Map<PciAddress, VfFacts> vfs(Map<PciAddress, VfDevice> vfDevices, List<LinkFacts> links)
      throws NetlinkException {
    Map<String, Optional<Link>> pfs = new HashMap<>();
    Map<PciAddress, VfFacts> facts = new LinkedHashMap<>();
    for (VfDevice vf : vfDevices.values()) {
      String name = vf.ref().pf();
      if (!pfs.containsKey(name)) {
        pfs.put(name, findWithVfs(name));
      }
      Optional<Link> pf = pfs.get(name);
      if (pf.isPresent()) {
        facts.put(vf.pci(), facts(vf, pf.get(), links));
      }
    }
    return facts;
  }

  private Optional<Link> findWithVfs(String pf) throws NetlinkException {
    Optional<Link> link = netns.host().links().find(pf);
    return link.isPresent()
        ? Optional.of(netns.host().links().getWithVfs(link.get().index()))
        : Optional.empty();
  }

  private VfFacts facts(VfDevice vf, Link pf, List<LinkFacts> links) throws NetlinkException {
    Optional<String> bond =
        pf.memberKind().filter("bond"::equals).isPresent() && pf.master().isPresent()
            ? netns.host().links().find(pf.master().getAsInt()).map(Link::name)
            : Optional.empty();
    Optional<PciAddress> pfPci = pf.parentDeviceName().flatMap(PciAddress::parse);
    Optional<LinkRef> link =
        links.stream()
            .filter(candidate -> candidate.pci().filter(vf.pci()::equals).isPresent())
            .map(LinkFacts::ref)
            .findFirst()
            .or(() -> vf.hostName().map(LinkRef::host));
    return new VfFacts(
        vf.ref(),
        new PfFacts(
            pf.name(),
            pfPci.orElse(vf.pci()),
            pf.isUp(),
            pf.isUp() && pf.hasCarrier(),
            pf.mtu(),
            bond),
        pf.vf(vf.ref().index()).map(VfSettingsOnWire::decode).orElse(VfSettings.NONE),
        vf.driver(),
        link);
  }

  /// The pod's routes that somebody asked for: those that the kernel keeps for each address are
  /// left out.
  private static Map<String, List<Route>> routes(NetnsAccess pod, LinkFactsReader reader)
      throws NetlinkException {
    Map<String, List<Route>> routes = new TreeMap<>();
    for (Family family : Family.values()) {
      for (dev.podbond.netlink.ip.Route route : pod.routes().list(family)) {
        if (route.type() != dev.podbond.netlink.ip.Route.TYPE_UNICAST
            || route.protocol() == dev.podbond.netlink.ip.Route.PROTOCOL_KERNEL) {
          continue;
        }
        for (NextHop hop : route.nextHops()) {
          Optional<String> link =
              hop.linkIndex().isPresent()
                  ? reader.nameOf(hop.linkIndex().getAsInt())
                  : Optional.empty();
          link.ifPresent(name ->
              routes
                  .computeIfAbsent(name, _ -> new ArrayList<>())
                  .add(RoutesOnWire.decode(route, hop)));
        }
      }
    }
    return routes;
  }
}
