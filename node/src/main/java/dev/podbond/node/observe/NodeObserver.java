package dev.podbond.node.observe;

import dev.podbond.bonding.check.Expectation;
import dev.podbond.bonding.facts.HostUse;
import dev.podbond.bonding.facts.LinkFacts;
import dev.podbond.bonding.facts.NodeFacts;
import dev.podbond.bonding.facts.PfFacts;
import dev.podbond.bonding.facts.VfFacts;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.plan.FreeName;
import dev.podbond.bonding.redundancy.Cabling;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.ip.Family;
import dev.podbond.netlink.ip.NextHop;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.netlink.socket.DumpReader;
import dev.podbond.node.netns.NodeNetns;
import dev.podbond.node.observe.LinkFactsReader.AddressesAskedFor;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.sysfs.Uplink;
import dev.podbond.node.sysfs.VfDevice;
import dev.podbond.node.wire.RoutesOnWire;
import dev.podbond.node.wire.VfSettingsOnWire;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Observes a node and one pod in few exchanges: one question per link, one listing of a bond's
/// members, and one question per PF, the only one that asks for VFs. It does not list links: a node
/// may have hundreds, each with its VFs, and a pod as many as it likes. There is one exception: if
/// a VF's link is neither on the host nor under an expected name in the pod, it goes through the
/// pod's links one by one.
public final class NodeObserver {
  /// How many names are tried in place of a taken name, and how many free ones are enough: each of
  /// a bond's members may take one.
  private static final int NAMES_TRIED = 64;

  private static final int FREE_NAMES_SEEN = 1;

  /// Routes to one destination differ in table and metric alone. So many are kept beside one for
  /// each destination.
  private static final int ROUTES_BESIDES = 1_000;

  private final NodeNetns netns;
  private final PciDevices devices;

  /// @param netns stays the caller's to close
  public NodeObserver(NodeNetns netns, PciDevices devices) {
    this.netns = netns;
    this.devices = devices;
  }

  /// The facts as they are now.
  ///
  /// They leave out links that do not exist, devices that are not VFs, and VFs whose PF has no
  /// network interface on the host.
  ///
  /// @throws IOException if the kernel or sysfs cannot be read
  public NodeFacts observe(FactsRequest request) throws IOException {
    LinkFactsReader host = reader(Place.HOST, netns.host(), request);
    FoundLinks links = new FoundLinks();
    Optional<Rtnetlink> pod = netns.pod();
    Optional<LinkFactsReader> inPod = pod.map(access -> reader(Place.POD, access, request));
    if (inPod.isPresent()) {
      switch (request.pod()) {
        case PodScope.Everything() -> links.addAll(inPod.get().readAll());
        case PodScope.Named named ->
            addNamed(inPod.get(), named, request.extent() == FactsRequest.Extent.FULL, links);
      }
    }
    for (String name : request.hostLinks()) {
      add(host, name, hasFreeNamesOnHost(request.extent()), links);
    }
    Map<PciAddress, VfDevice> vfDevices = vfDevices(request, links.all());
    for (VfDevice vf : vfDevices.values()) {
      if (vf.hostName().isPresent()) {
        links.addAll(host.read(vf.hostName().get()).stream().toList());
      }
    }
    if (inPod.isPresent()) {
      links.addAll(elsewhere(inPod.get(), vfDevices, links));
      if (hasFreeNamesForArrivals(request.extent())) {
        addNamesForArrivals(inPod.get(), links);
      }
    }
    Map<String, List<Route>> routes =
        pod.isPresent() ? routes(pod.get(), inPod.orElseThrow(), request.pod(), links) : Map.of();
    request.askedPf().ifPresent(vfDevices.keySet()::retainAll);
    return new NodeFacts(links.all(), vfs(vfDevices, links.all()), routes);
  }

  /// The facts that show whether an attachment is in the pod as expected, and no more: of its links
  /// only one has addresses that matter, and sysfs is read only for VFs with expected settings on
  /// their PF's side. The facts leave out whatever else there is.
  ///
  /// @throws IOException if the kernel or sysfs cannot be read
  public NodeFacts observe(Expectation expected) throws IOException {
    FoundLinks links = new FoundLinks();
    Map<String, List<Route>> routes = new TreeMap<>();
    if (netns.pod().isPresent()) {
      Rtnetlink pod = netns.pod().get();
      LinkFactsReader reader = reader(pod, expected);
      for (String name : expected.podLinks()) {
        boolean hasAddresses = name.equals(expected.addressed().name());
        Optional<LinkFacts> link =
            hasAddresses ? reader.read(name) : reader.readWithoutAddresses(name);
        links.addAll(link.stream().toList());
        if (link.isPresent() && link.get().kind().equals("bond")) {
          links.addAll(reader.readMembers(link.get()));
        }
        if (link.isPresent() && hasAddresses) {
          routes.put(name, routes(pod, link.get().index(), expected.destinations()));
        }
      }
    }
    Map<PciAddress, VfDevice> vfDevices = new TreeMap<>();
    for (PciAddress pci : expected.pfSides()) {
      devices.vf(pci).ifPresent(vf -> vfDevices.put(pci, vf));
    }
    return new NodeFacts(links.all(), vfs(vfDevices, links.all()), routes);
  }

  private static LinkFactsReader reader(Rtnetlink pod, Expectation expected) {
    Set<String> names = new HashSet<>(expected.podLinks());
    expected.bond().flatMap(bond -> bond.names().altName()).ifPresent(names::add);
    Map<String, Set<IpPrefix>> addresses =
        Map.of(expected.addressed().name(), Set.copyOf(expected.addresses()));
    return new LinkFactsReader(Place.POD, pod, names, AddressesAskedFor.of(addresses));
  }

  private static LinkFactsReader reader(Place place, Rtnetlink access, FactsRequest request) {
    boolean withAddresses = request.extent() != FactsRequest.Extent.LINKS_ALONE;
    return switch (request.pod()) {
      case PodScope.Named named when place == Place.POD ->
          new LinkFactsReader(
              place,
              access,
              named.links(),
              withAddresses ? AddressesAskedFor.of(named.addresses()) : AddressesAskedFor.NONE);
      case PodScope.Named _, PodScope.Everything _ ->
          new LinkFactsReader(
              place,
              access,
              request.hostLinks(),
              withAddresses ? AddressesAskedFor.SOME : AddressesAskedFor.NONE);
    };
  }

  /// Links in the order found, each once.
  private static final class FoundLinks {
    private final Map<LinkRef, LinkFacts> links = new LinkedHashMap<>();

    void addAll(Collection<LinkFacts> found) {
      found.forEach(link -> links.putIfAbsent(link.ref(), link));
    }

    List<LinkFacts> all() {
      return List.copyOf(links.values());
    }
  }

  private static void addNamed(
      LinkFactsReader pod, PodScope.Named named, boolean withFreeNames, FoundLinks links)
      throws NetlinkException {
    for (String name : named.links()) {
      add(pod, name, withFreeNames, links);
    }
    for (LinkFacts link : links.all()) {
      if (link.kind().equals("bond")) {
        links.addAll(pod.readMembers(link));
      }
    }
  }

  private static void add(
      LinkFactsReader reader, String name, boolean withFreeName, FoundLinks links)
      throws NetlinkException {
    if (withFreeName) {
      addWithFreeName(reader, name, links);
    } else {
      links.addAll(reader.read(name).stream().toList());
    }
  }

  private static boolean hasFreeNamesOnHost(FactsRequest.Extent extent) {
    return switch (extent) {
      case FULL, DEPARTURES -> true;
      case ARRIVALS, LINKS_ALONE -> false;
    };
  }

  private static boolean hasFreeNamesForArrivals(FactsRequest.Extent extent) {
    return switch (extent) {
      case FULL, ARRIVALS -> true;
      case DEPARTURES, LINKS_ALONE -> false;
    };
  }

  /// Adds the link of a name, and the links of the names tried in its place, until enough free
  /// names were seen: the facts then tell which names are taken.
  private static void addWithFreeName(LinkFactsReader reader, String name, FoundLinks links)
      throws NetlinkException {
    int free = 0;
    Iterator<String> candidates = FreeName.candidates(name).limit(NAMES_TRIED).iterator();
    while (candidates.hasNext() && free < FREE_NAMES_SEEN) {
      Optional<LinkFacts> link = reader.read(candidates.next());
      if (link.isPresent()) {
        links.addAll(List.of(link.get()));
      } else {
        free++;
      }
    }
  }

  /// Links on the host may be on their way into the pod.
  private static void addNamesForArrivals(LinkFactsReader pod, FoundLinks links)
      throws NetlinkException {
    for (LinkFacts link : links.all()) {
      if (link.ref().place() == Place.HOST) {
        addWithFreeName(pod, link.name(), links);
      }
    }
  }

  /// The links of VFs that are not under their expected names.
  private static List<LinkFacts> elsewhere(
      LinkFactsReader pod, Map<PciAddress, VfDevice> vfDevices, FoundLinks links)
      throws NetlinkException {
    Set<PciAddress> missing = new HashSet<>(vfDevices.keySet());
    for (LinkFacts link : links.all()) {
      link.pci().ifPresent(missing::remove);
    }
    return missing.isEmpty() ? List.of() : pod.find(missing);
  }

  /// The facts, including what the node uses each of its host links for. Callers ask for this only
  /// if such a link may be about to leave.
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
      devices.vf(pci).ifPresent(vf -> found.put(pci, vf));
    }
    return found;
  }

  private Map<PciAddress, VfFacts> vfs(Map<PciAddress, VfDevice> vfDevices, List<LinkFacts> links)
      throws IOException {
    Map<PciAddress, Optional<Link>> pfs = new HashMap<>();
    Map<PciAddress, VfFacts> facts = new LinkedHashMap<>();
    for (VfDevice vf : vfDevices.values()) {
      Uplink uplink = vf.uplink();
      if (!pfs.containsKey(uplink.pci())) {
        pfs.put(uplink.pci(), findWithVfs(uplink));
      }
      Optional<Link> pf = pfs.getOrDefault(uplink.pci(), Optional.empty());
      if (pf.isPresent()) {
        facts.put(vf.pci(), facts(vf, pf.get(), links));
      }
    }
    return facts;
  }

  /// The PF's interface, if it is the one that sysfs shows: sysfs may belong to another namespace
  /// than this host's, and there an index means another link.
  private Optional<Link> findWithVfs(Uplink pf) throws NetlinkException {
    return netns
        .host()
        .links()
        .findWithVfs(pf.index())
        .filter(found -> isFunction(found, pf.pci()));
  }

  static boolean isFunction(Link link, PciAddress pci) {
    return link.parentDeviceName().flatMap(PciAddress::parse).equals(Optional.of(pci));
  }

  private VfFacts facts(VfDevice vf, Link pf, List<LinkFacts> links) throws IOException {
    Optional<Link> bond =
        pf.memberKind().filter("bond"::equals).isPresent() && pf.master().isPresent()
            ? netns.host().links().find(pf.master().getAsInt())
            : Optional.empty();
    Optional<LinkRef> link =
        links.stream()
            .filter(candidate -> candidate.pci().filter(vf.pci()::equals).isPresent())
            .map(LinkFacts::ref)
            .findFirst()
            .or(() -> vf.hostName().map(LinkRef::host));
    return new VfFacts(
        new VfRef(pf.name(), vf.ref().index(), vf.pci()),
        new PfFacts(
            pf.name(),
            vf.uplink().pci(),
            pf.isUp(),
            pf.isUp() && pf.hasCarrier(),
            pf.mtu(),
            bond.map(master -> PfPortReader.master(pf, master).cabling()).orElse(Cabling.UNKNOWN),
            bond.isPresent() ? devices.switchId(vf.uplink()) : Optional.empty()),
        pf.vf(vf.ref().index()).map(VfSettingsOnWire::decode).orElse(VfSettings.NONE),
        vf.driver(),
        link);
  }

  private static Map<String, List<Route>> routes(
      Rtnetlink pod, LinkFactsReader reader, PodScope scope, FoundLinks links)
      throws NetlinkException {
    return switch (scope) {
      case PodScope.Everything() -> allRoutes(pod, reader);
      case PodScope.Named named -> {
        Map<String, List<Route>> routes = new TreeMap<>();
        for (LinkFacts link : links.all()) {
          Set<IpPrefix> destinations = named.routes().getOrDefault(link.name(), Set.of());
          if (link.ref().place() == Place.POD && !destinations.isEmpty()) {
            routes.put(link.name(), routes(pod, link.index(), destinations));
          }
        }
        yield routes;
      }
    };
  }

  /// The routes to some destinations out of one link. The link may have any number of routes.
  private static List<Route> routes(Rtnetlink pod, int link, Set<IpPrefix> destinations)
      throws NetlinkException {
    List<Route> all = new ArrayList<>();
    Set<IpPrefix> networks =
        destinations.stream().map(IpPrefix::network).collect(Collectors.toSet());
    for (Family family : Family.values()) {
      if (networks.stream().anyMatch(network -> network.isIpv4() == (family == Family.IPV4))) {
        all.addAll(routes(pod, family, link, networks));
      }
    }
    return all;
  }

  private static List<Route> routes(Rtnetlink pod, Family family, int link, Set<IpPrefix> networks)
      throws NetlinkException {
    List<Route> found = new ArrayList<>();
    pod.routes()
        .forEach(
            family,
            link,
            new DumpReader<>() {
              @Override
              public void begin() {
                found.clear();
              }

              @Override
              public void read(dev.podbond.netlink.ip.Route route) {
                if (isAskedFor(route)
                    && found.size() < networks.size() + ROUTES_BESIDES
                    && networks.contains(
                        new IpPrefix(
                            route.destination().address(), route.destination().length()))) {
                  route.nextHops().stream()
                      .filter(hop -> hop.linkIndex().equals(OptionalInt.of(link)))
                      .forEach(hop -> found.add(RoutesOnWire.decode(route, hop)));
                }
              }
            });
    return found;
  }

  /// Whether somebody asked for the route: the kernel adds some itself for each address.
  private static boolean isAskedFor(dev.podbond.netlink.ip.Route route) {
    return route.type() == dev.podbond.netlink.ip.Route.TYPE_UNICAST
        && route.protocol() != dev.podbond.netlink.ip.Route.PROTOCOL_KERNEL;
  }

  private static Map<String, List<Route>> allRoutes(Rtnetlink pod, LinkFactsReader reader)
      throws NetlinkException {
    Map<String, List<Route>> routes = new TreeMap<>();
    for (Family family : Family.values()) {
      for (dev.podbond.netlink.ip.Route route : pod.routes().list(family)) {
        if (!isAskedFor(route)) {
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
