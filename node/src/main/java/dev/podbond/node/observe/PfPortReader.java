package dev.podbond.node.observe;

import dev.podbond.bonding.option.BondMode;
import dev.podbond.bonding.uplink.HostMaster;
import dev.podbond.bonding.uplink.PfPort;
import dev.podbond.bonding.uplink.PortState;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.AttributeValue;
import dev.podbond.netlink.link.AttributeValues;
import dev.podbond.netlink.link.BondAggregator;
import dev.podbond.netlink.link.BondAttribute;
import dev.podbond.netlink.link.BondMemberAttribute;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.link.Links;
import dev.podbond.netlink.rtnl.Rtnetlink;
import dev.podbond.node.sysfs.PciDevices;
import dev.podbond.node.sysfs.Uplink;
import dev.podbond.value.IoReason;
import dev.podbond.value.MacAddress;
import dev.podbond.value.PciAddress;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/// Reads PFs' interfaces on the host, with the LACP state of the bonds that they are in there. It
/// asks for each of them, since a node has few PFs and may have hundreds of VFs: a list of all
/// links would cost far more. Their VFs are not asked for.
public final class PfPortReader {
  private final PciDevices devices;

  /// @param devices the PCI functions of the node
  public PfPortReader(PciDevices devices) {
    this.devices = devices;
  }

  /// Each of these PFs as it is now. What cannot be read is [unseen][PfPort.Unseen], and no reason
  /// to fail.
  public Map<PciAddress, PfPort> read(Collection<PciAddress> pfs) {
    if (pfs.isEmpty()) {
      return Map.of();
    }
    try (Rtnetlink host = Rtnetlink.open()) {
      return read(pfs, host);
    } catch (LinuxException e) {
      return each(pfs, _ -> unseen(e));
    }
  }

  Map<PciAddress, PfPort> read(Collection<PciAddress> pfs, Rtnetlink host) {
    return each(pfs, pf -> read(pf, host.links()));
  }

  private static Map<PciAddress, PfPort> each(
      Collection<PciAddress> pfs, Function<PciAddress, PfPort> reading) {
    Map<PciAddress, PfPort> ports = new TreeMap<>();
    pfs.forEach(pf -> ports.put(pf, reading.apply(pf)));
    return ports;
  }

  private PfPort read(PciAddress pf, Links links) {
    try {
      Optional<Uplink> uplink = devices.uplink(pf);
      Optional<Link> link = uplink.isEmpty() ? Optional.empty() : links.find(uplink.get().index());
      return link.isEmpty()
          ? new PfPort.Unseen("it has no interface on the host")
          : new PfPort.Seen(link.get().isUp(), link.get().hasCarrier(), master(link.get(), links));
    } catch (IOException e) {
      return unseen(e);
    }
  }

  private static PfPort unseen(IOException e) {
    return new PfPort.Unseen("its interface on the host cannot be read: " + IoReason.of(e));
  }

  private static HostMaster master(Link link, Links links) throws NetlinkException {
    Optional<Link> master =
        link.master().isEmpty() ? Optional.empty() : links.find(link.master().getAsInt());
    return master.isEmpty() ? new HostMaster.None() : master(link, master.get());
  }

  /// What a PF's interface says of its master.
  static HostMaster master(Link link, Link master) {
    Optional<BondMode> mode = mode(master);
    if (mode.equals(Optional.of(BondMode.LACP))) {
      return new HostMaster.Lacp(
          master.name(),
          state(link, BondMemberAttribute.AD_ACTOR_OPER_PORT_STATE),
          state(link, BondMemberAttribute.AD_PARTNER_OPER_PORT_STATE),
          partnerSystem(link, master));
    }
    return mode.isPresent()
        ? new HostMaster.Bond(master.name(), mode.get())
        : new HostMaster.Other(master.name(), master.kind().orElse("link without a kind"));
  }

  /// The kernel tells the partner of the aggregator that the bond uses, and which ports have that.
  private static Optional<MacAddress> partnerSystem(Link link, Link master) {
    AttributeValue used =
        master.bond().flatMap(bond -> bond.get(BondAttribute.AD_INFO)).orElse(null);
    OptionalLong aggregator =
        link.bondMember()
            .map(member -> member.number(BondMemberAttribute.AD_AGGREGATOR_ID))
            .orElse(OptionalLong.empty());
    return used instanceof AttributeValue.Aggregator(BondAggregator active)
            && aggregator.equals(OptionalLong.of(active.id()))
        ? LinkFactsReader.mac(active.partner()).filter(partner -> !partner.isZero())
        : Optional.empty();
  }

  private static Optional<BondMode> mode(Link master) {
    OptionalLong mode =
        master
            .bond()
            .map(options -> options.number(BondAttribute.MODE))
            .orElse(OptionalLong.empty());
    return mode.isPresent() ? BondMode.of(mode.getAsLong()) : Optional.empty();
  }

  private static Optional<PortState> state(Link link, BondMemberAttribute side) {
    AttributeValues<BondMemberAttribute> member = link.bondMember().orElse(AttributeValues.none());
    OptionalLong bits = member.number(side);
    return bits.isPresent() ? Optional.of(new PortState((int) bits.getAsLong())) : Optional.empty();
  }
}
