package dev.podbond.node.probe;

import dev.podbond.bonding.uplink.Reading;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.link.Links;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the host joins with the interface of a PF.
///
/// @param kind the kind of what they are members of, such as `bond`
/// @param master its name
/// @param members the PCI addresses of the members' devices, the PF's among them; empty of one that
///   has none, as a veth
record HostJoin(String kind, String master, List<Optional<String>> members) {
  private static final Set<String> BONDS = Set.of("bond", "team");

  /// The master of the ports of all its bridges, of which the kernel knows no bonds.
  private static final String OPEN_VSWITCH = "openvswitch";

  private static final String PCI = "pci";

  /// Copies the list.
  HostJoin {
    members = List.copyOf(members);
  }

  /// Of an interface that is a member of something by which answers may come through another port.
  static Optional<HostJoin> of(Link port, Links links) throws NetlinkException {
    Optional<String> kind =
        port.memberKind().filter(found -> BONDS.contains(found) || found.equals(OPEN_VSWITCH));
    if (kind.isEmpty() || port.master().isEmpty()) {
      return Optional.empty();
    }
    int master = port.master().getAsInt();
    List<Optional<String>> members = new ArrayList<>();
    links.forEachMember(
        master,
        member ->
            members.add(
                member
                    .parentDeviceBus()
                    .filter(PCI::equals)
                    .flatMap(_ -> member.parentDeviceName())));
    return Optional.of(
        new HostJoin(kind.get(), links.find(master).map(Link::name).orElse("a bond"), members));
  }

  /// Why nothing is known of probes through the port; empty if it is the only one of its kind.
  Optional<Reading> doubt() {
    if (BONDS.contains(kind)) {
      return members.size() > 1
          ? Optional.of(
              new Reading.Unknown(
                  "it shares "
                      + master
                      + " of the host with other ports, so that answers may come by those"))
          : Optional.empty();
    }
    // Representors of VFs have the PF's own device.
    Set<String> devices = new HashSet<>();
    members.forEach(member -> member.ifPresent(devices::add));
    return devices.size() > 1
        ? Optional.of(new Reading.Unknown("it may share a bond of Open vSwitch with other ports"))
        : Optional.empty();
  }
}
