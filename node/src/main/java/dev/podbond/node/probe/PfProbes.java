package dev.podbond.node.probe;

import dev.podbond.bonding.uplink.ProbePath;
import dev.podbond.bonding.uplink.ProbeReach;
import dev.podbond.bonding.uplink.Reading;
import dev.podbond.netlink.Errno;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.link.Links;
import dev.podbond.netlink.netns.PacketSocket;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.frame.EthernetHeader;
import dev.podbond.node.frame.KeptSockets;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.sysfs.Uplink;
import dev.podbond.value.IoReason;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import dev.podbond.value.VlanProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Asks hosts through the PFs' own interfaces on the host, one packet socket for each PF and VLAN,
/// which stays open from one round to the next: to close one takes the kernel some time.
///
/// Frames leave with the interface's own MAC. So a PF through which nobody can be asked without
/// doing harm, or without being deceived, is not used, and tells nothing:
///
/// - One that shares a bond of the host with other ports. With a bond that keeps ports in reserve,
///   a frame from such a port would have the switch send the host's own traffic there; with one
///   that uses all of them, answers come through whichever port the switch chooses.
/// - One that is in Open vSwitch beside other NICs: whether those are in a bond of it the kernel
///   does not tell.
/// - A VLAN for which the host has no VLAN interface on the PF or on what it is a member of. NICs
///   drop frames of VLANs that nobody has told them of, so that no answer would come.
///
/// Not for use by several threads.
public final class PfProbes implements Probes {
  private static final int MAC_OCTETS = 6;

  private static final Reading NO_INTERFACE =
      new Reading.Unknown("it has no interface on the host");

  private static final Reading IS_DOWN = new Reading.Bad("its interface on the host is down");

  private final PciDevices devices;

  private final KeptSockets<ProbePath, Ear> ears = new KeptSockets<>();

  /// From which MACs hosts have last answered.
  private final Map<ProbePath, Map<InetAddress, MacAddress>> known = new TreeMap<>();

  /// Where answers of these hosts to this MAC are heard.
  private record Ear(Set<InetAddress> hosts, MacAddress mac) {
    Ear {
      hosts = Set.copyOf(hosts);
    }
  }

  /// Whether hosts can be asked through a PF.
  private sealed interface Port {
    record Usable(Link link, MacAddress mac) implements Port {}

    record Useless(Reading reading) implements Port {}
  }

  /// A VLAN on an interface.
  private record VlanOn(int link, int id) {}

  /// @param devices the PCI functions of the node
  public PfProbes(PciDevices devices) {
    this.devices = devices;
  }

  @Override
  public Asked ask(Map<ProbePath, Set<InetAddress>> questions, ProbeReach reach) {
    try (Rtnetlink host = Rtnetlink.open()) {
      return ask(questions, reach, host);
    } catch (IOException e) {
      Map<ProbePath, Reading> all = new TreeMap<>();
      questions.keySet().forEach(path -> all.put(path, unasked(e)));
      return new Asked(all, Set.of());
    }
  }

  Asked ask(Map<ProbePath, Set<InetAddress>> questions, ProbeReach reach, Rtnetlink host)
      throws NetlinkException {
    if (reach == ProbeReach.EVERYBODY) {
      known.clear();
    }
    known.keySet().retainAll(questions.keySet());
    known.forEach((path, hosts) -> hosts.keySet().retainAll(questions.get(path)));
    known.values().removeIf(Map::isEmpty);
    try {
      Map<ProbePath, Reading> unasked = askOnAll(questions, host);
      return new Asked(unasked, known.keySet());
    } finally {
      ears.closeGivenUp();
    }
  }

  private Map<ProbePath, Reading> askOnAll(
      Map<ProbePath, Set<InetAddress>> questions, Rtnetlink host) throws NetlinkException {
    ears.giveUpAllBut(questions.keySet());
    Set<VlanOn> vlans =
        questions.keySet().stream().anyMatch(path -> path.vlan().isPresent())
            ? vlans(host.links())
            : Set.of();
    Map<PciAddress, Port> ports = new TreeMap<>();
    Map<ProbePath, Reading> unasked = new TreeMap<>();
    questions.forEach((path, hosts) -> {
      Port port = ports.computeIfAbsent(path.pf(), pf -> port(pf, host.links()));
      Optional<Reading> failure =
          switch (port) {
            case Port.Useless(Reading reading) -> Optional.of(reading);
            case Port.Usable usable -> ask(path, hosts, usable, vlans, host);
          };
      failure.ifPresent(reading -> {
        ears.giveUp(path);
        unasked.put(path, reading);
      });
    });
    return unasked;
  }

  private static Set<VlanOn> vlans(Links links) throws NetlinkException {
    Set<VlanOn> found = new HashSet<>();
    links.forEachVlan(link ->
        link.vlan()
            .filter(vlan -> vlan.protocol() == VlanProtocol.DOT1Q)
            .ifPresent(vlan ->
                link.parent().ifPresent(parent -> found.add(new VlanOn(parent, vlan.id())))));
    return found;
  }

  private Port port(PciAddress pf, Links links) {
    try {
      Optional<Uplink> uplink = devices.uplink(pf);
      Optional<Link> link = uplink.isEmpty() ? Optional.empty() : links.find(uplink.get().index());
      return link.isEmpty() ? new Port.Useless(NO_INTERFACE) : port(link.get(), links);
    } catch (IOException e) {
      return new Port.Useless(unasked(e));
    }
  }

  private static Port port(Link link, Links links) throws NetlinkException {
    Optional<MacAddress> mac =
        link.address()
            .map(HardwareAddress::toBytes)
            .filter(octets -> octets.length == MAC_OCTETS)
            .map(MacAddress::of);
    if (link.hardwareType() != Link.ARPHRD_ETHER || mac.isEmpty()) {
      return new Port.Useless(
          new Reading.Unknown("its interface on the host is no Ethernet, and hosts are not asked"));
    }
    if (!link.isUp()) {
      return new Port.Useless(IS_DOWN);
    }
    Optional<Reading> doubt = HostJoin.of(link, links).flatMap(HostJoin::doubt);
    return doubt.isPresent() ? new Port.Useless(doubt.get()) : new Port.Usable(link, mac.get());
  }

  private Optional<Reading> ask(
      ProbePath path, Set<InetAddress> hosts, Port.Usable port, Set<VlanOn> vlans, Rtnetlink host) {
    if (path.vlan().isPresent() && !hasVlan(port.link(), path.vlan().getAsInt(), vlans)) {
      return Optional.of(
          new Reading.Unknown(
              "the host has no interface for VLAN %d on %s, without which NICs drop what comes in it"
                  .formatted(path.vlan().getAsInt(), port.link().name())));
    }
    try {
      int link = port.link().index();
      Ear ear = new Ear(hosts, port.mac());
      PacketSocket socket =
          ears.at(
              path,
              link,
              ear,
              () -> PacketSocket.open(host.netns(), link, AnswerFilter.of(path.vlan(), hosts)));
      ask(path, ear, socket);
      return Optional.empty();
    } catch (LinuxException e) {
      return Optional.of(unasked(e));
    }
  }

  private void ask(ProbePath path, Ear ear, PacketSocket socket) throws LinuxException {
    Map<InetAddress, MacAddress> macs = known.getOrDefault(path, Map.of());
    for (InetAddress host : ear.hosts()) {
      MacAddress mac = macs.get(host);
      byte[] frame =
          mac == null
              ? ProbeFrame.of(ear.mac(), path.vlan(), host)
              : ProbeFrame.of(ear.mac(), path.vlan(), host, mac);
      HardwareAddress destination = HardwareAddress.of(Arrays.copyOf(frame, MAC_OCTETS));
      socket.send(destination, EthernetHeader.typeOf(frame), frame);
    }
  }

  private static boolean hasVlan(Link link, int id, Set<VlanOn> vlans) {
    OptionalInt master = link.master();
    return vlans.contains(new VlanOn(link.index(), id))
        || (master.isPresent() && vlans.contains(new VlanOn(master.getAsInt(), id)));
  }

  private static Reading unasked(IOException e) {
    if (e instanceof LinuxException refused) {
      if (refused.errno().equals(Errno.ENETDOWN)) {
        return IS_DOWN;
      }
      if (refused.errno().equals(Errno.ENODEV)) {
        return NO_INTERFACE;
      }
    }
    return new Reading.Unknown("hosts cannot be asked: " + IoReason.of(e));
  }

  @Override
  public Set<ProbePath> answered() {
    Set<ProbePath> answered = new TreeSet<>();
    // Of a socket that is given up, the next round says what is wrong with it.
    ears.listen((path, ear, socket) ->
        KeptSockets.drain(
            socket,
            frame ->
                ProbeAnswer.from(frame)
                    .filter(answer -> ear.hosts().contains(answer.host()))
                    .ifPresent(answer -> {
                      answered.add(path);
                      learn(path, ear, answer);
                    })));
    ears.closeGivenUp();
    return answered;
  }

  /// What somebody else's answer may do here is to have a question go astray, and everybody is
  /// asked the next one.
  private void learn(ProbePath path, Ear ear, ProbeAnswer answer) {
    if (answer.mac().isUnicast() && !answer.mac().equals(ear.mac())) {
      known.computeIfAbsent(path, _ -> new HashMap<>()).put(answer.host(), answer.mac());
    }
  }

  @Override
  public void askEverybody(Set<ProbePath> ways) {
    known.keySet().removeAll(ways);
    ears.listen((path, ear, socket) -> {
      if (ways.contains(path)) {
        ask(path, ear, socket);
      }
    });
    ears.closeGivenUp();
  }

  @Override
  public void stop() {
    ears.giveUpAllBut(Set.of());
    ears.closeGivenUp();
    known.clear();
  }
}
