package dev.podbond.node.kernel;

import dev.podbond.bonding.change.Change;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.NetlinkException;
import dev.podbond.netlink.link.Link;
import dev.podbond.netlink.link.LinkChange;
import dev.podbond.netlink.link.Links;
import dev.podbond.netlink.link.NewLink;
import dev.podbond.netlink.link.Vlan;
import dev.podbond.node.wait.Polling;
import dev.podbond.node.wire.BondOptionsOnWire;
import dev.podbond.node.wire.LinkTuningOnWire;
import dev.podbond.value.MacAddress;
import dev.podbond.value.VlanProtocol;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Makes, deletes and moves links, and sets what every link has: state, MAC, MTU, names.
final class LinkChanges {
  /// How long a VF's driver may take to get the PF's confirmation of its MAC: iavf itself gives up
  /// after 2.5 s.
  private static final Duration MAC_LIMIT = Duration.ofSeconds(3);

  private final LinkLookup lookup;
  private final Map<LinkRef, Integer> seen;
  private final Polling polling;

  /// @param seen the indices of links at observation time; a link leaves its place only if it has
  ///   that index
  LinkChanges(LinkLookup lookup, Map<LinkRef, Integer> seen, Polling polling) {
    this.lookup = lookup;
    this.seen = Map.copyOf(seen);
    this.polling = polling;
  }

  void apply(Change.CreateBond create) throws Refusal, NetlinkException {
    Links links = lookup.at(create.bond()).links();
    NewLink bond =
        NewLink.bond(
            create.bond().name(),
            // The kernel treats an unknown ifindex as "no primary".
            BondOptionsOnWire.encode(create.options(), name -> links.get(name).index()));
    if (create.mac().isPresent()) {
      bond = bond.withAddress(address(create.mac().get()));
    }
    if (create.mtuBytes().isPresent()) {
      bond = bond.withMtu(create.mtuBytes().getAsInt());
    }
    links.create(bond);
  }

  void apply(Change.CreateVlan create) throws Refusal, NetlinkException {
    int parent = lookup.index(create.over());
    NewLink vlan =
        NewLink.vlan(create.vlan().name(), parent, new Vlan(create.vlanId(), VlanProtocol.DOT1Q));
    if (create.mtuBytes().isPresent()) {
      vlan = vlan.withMtu(create.mtuBytes().getAsInt());
    }
    lookup.at(create.vlan()).links().create(vlan);
  }

  void apply(Change.DeleteLink delete) throws Refusal, NetlinkException {
    Link link = lookup.get(delete.link());
    String kind = link.kind().orElse("");
    if (!kind.equals(delete.kind())) {
      throw new Refusal(
          "EINVAL",
          "it is "
              + (kind.isEmpty() ? "a hardware device" : "of kind " + kind)
              + ", not of kind "
              + delete.kind()
              + ", and is left alone");
    }
    lookup.at(delete.link()).links().delete(link.index());
  }

  void apply(Change.SetAdminState set) throws Refusal, NetlinkException {
    change(set.link(), set.up() ? LinkChange.of().bringUp() : LinkChange.of().takeDown());
  }

  /// Returns when the link has the MAC. A VF's driver may report success before the PF has agreed
  /// (older iavf); a reader meanwhile, such as a bond that takes the VF as a member, would keep the
  /// old MAC. For a virtual link (one with a kind) we do not wait: a bond with `fail_over_mac`
  /// reports success and keeps its own MAC for good.
  void apply(Change.SetMac set) throws Refusal, NetlinkException {
    HardwareAddress wanted = address(set.mac());
    Links links = lookup.at(set.link()).links();
    int index = lookup.index(set.link());
    links.change(index, LinkChange.of().address(wanted));
    if (!polling.until(() -> hasTaken(links.find(index), wanted), MAC_LIMIT)) {
      throw new Refusal(
          "EAGAIN",
          "its driver agreed, and "
              + MAC_LIMIT.toSeconds()
              + " s later it still has "
              + links.get(index).address().map(HardwareAddress::toString).orElse("no MAC")
              + ": does its PF allow this one?");
    }
  }

  private static boolean hasTaken(Optional<Link> link, HardwareAddress mac) {
    return link.filter(
            found -> found.kind().isPresent() || found.address().filter(mac::equals).isPresent())
        .isPresent();
  }

  void apply(Change.SetMtu set) throws Refusal, NetlinkException {
    change(set.link(), LinkChange.of().mtu(set.mtuBytes()));
  }

  void apply(Change.Tune tune) throws Refusal, NetlinkException {
    lookup
        .at(tune.link())
        .links()
        .set(lookup.index(tune.link()), LinkTuningOnWire.property(tune.setting()), tune.value());
  }

  void apply(Change.Rename rename) throws Refusal, NetlinkException {
    change(rename.link(), LinkChange.of().rename(rename.newName()));
  }

  void apply(Change.AddAltName add) throws Refusal, NetlinkException {
    lookup.at(add.link()).links().addAltName(lookup.index(add.link()), add.altName());
  }

  void apply(Change.RemoveAltName remove) throws Refusal, NetlinkException {
    lookup.at(remove.link()).links().deleteAltName(lookup.index(remove.link()), remove.altName());
  }

  /// Moves a link and renames it. The kernel does this in two steps. So we look for a name conflict
  /// before anything moves, and move a link back if it moved but could not take its name.
  void apply(Change.Move move) throws Refusal, NetlinkException {
    Link link = lookup.getNow(move.link());
    int expected = seen.getOrDefault(move.link(), link.index());
    if (expected != link.index()) {
      throw new Refusal(
          "ESTALE",
          "another link has this name by now: index "
              + link.index()
              + ", where the one looked at had "
              + expected);
    }
    Links destination = lookup.at(move.destination()).links();
    Optional<Link> taken = destination.find(move.destination().name());
    if (taken.isPresent()) {
      throw new Refusal(
          "EEXIST",
          "the name is taken there by " + taken.get().name() + ", index " + taken.get().index());
    }
    LinkChange there = LinkChange.of().moveTo(lookup.at(move.destination()).netns());
    if (!move.destination().name().equals(link.name())) {
      there = there.rename(move.destination().name());
    }
    try {
      lookup.at(move.link()).links().change(link.index(), there);
    } catch (NetlinkException e) {
      if (!e.isAnswered()) {
        throw e;
      }
      throw putBack(move, link, e);
    }
  }

  private Refusal putBack(Change.Move move, Link before, NetlinkException cause)
      throws Refusal, NetlinkException {
    String reason = NodeKernel.reason(cause.errno(), cause.kernelMessage());
    Optional<Link> stray =
        lookup
            .at(move.destination())
            .links()
            .find(before.name())
            .filter(link -> link.address().equals(before.address()));
    if (stray.isEmpty() || lookup.find(move.link()).isPresent()) {
      return new Refusal(cause.errno().symbol(), reason);
    }
    try {
      LinkChange back = LinkChange.of().moveTo(lookup.at(move.link()).netns());
      lookup.at(move.destination()).links().change(stray.get().index(), back);
      lookup.forget(move.link());
      if (before.isUp()) {
        change(move.link(), LinkChange.of().bringUp());
      }
      return new Refusal(cause.errno().symbol(), reason);
    } catch (NetlinkException e) {
      return new Refusal(
          cause.errno().symbol(),
          reason + "; it moved all the same and could not be moved back: " + e.getMessage());
    }
  }

  private void change(LinkRef link, LinkChange change) throws Refusal, NetlinkException {
    lookup.at(link).links().change(lookup.index(link), change);
  }

  private static HardwareAddress address(MacAddress mac) {
    return HardwareAddress.of(mac.octets());
  }
}
