package dev.podbond.bonding.change;

import dev.podbond.bonding.facts.LinkSetting;
import dev.podbond.bonding.facts.VfRef;
import dev.podbond.bonding.facts.VfSettings;
import dev.podbond.bonding.net.LinkRef;
import dev.podbond.bonding.net.Place;
import dev.podbond.bonding.net.Route;
import dev.podbond.bonding.option.BondOptions;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.MacAddress;
import java.util.Optional;
import java.util.OptionalInt;

/// One change to the kernel. Plans consist of nothing else.
///
/// Each change happens as a whole, or fails and leaves the kernel as it was. Links are named, not
/// numbered, because a plan is made before the links it creates exist. `toString` of every change
/// is the line that `podbond explain` prints.
public sealed interface Change {
  /// Makes a bond, administratively down and without members, by one RTM_NEWLINK with every option;
  /// fails if the name is taken.
  ///
  /// @param mac the bond's own MAC; if it is empty, the kernel uses the first member's
  record CreateBond(
      LinkRef bond, BondOptions options, Optional<MacAddress> mac, OptionalInt mtuBytes)
      implements Change {
    @Override
    public String toString() {
      return "create bond "
          + bond
          + " with "
          + options
          + mac.map(value -> ", MAC " + value).orElse("")
          + (mtuBytes.isPresent() ? ", MTU " + mtuBytes.getAsInt() : "");
    }
  }

  /// Makes a VLAN interface over a link, administratively down.
  ///
  /// @param vlanId 1 to 4094, 802.1Q
  record CreateVlan(LinkRef vlan, LinkRef over, int vlanId, OptionalInt mtuBytes)
      implements Change {
    @Override
    public String toString() {
      return "create VLAN " + vlanId + " as " + vlan + " over " + over.name();
    }
  }

  /// Deletes a link of the given kind; fails and leaves the link alone if it has another kind. The
  /// kernel releases a bond's members and gives them back their MAC and MTU.
  ///
  /// @param kind `IFLA_INFO_KIND`, such as "bond" or "vlan"
  record DeleteLink(LinkRef link, String kind) implements Change {
    @Override
    public String toString() {
      return "delete " + kind + " " + link;
    }
  }

  /// Sets a link administratively up or down.
  record SetAdminState(LinkRef link, boolean up) implements Change {
    @Override
    public String toString() {
      return "set " + link + (up ? " up" : " down");
    }
  }

  /// Makes a link, which must be down, a member of a bond. The kernel sets the member up and gives
  /// it the bond's MTU and, by mode, its MAC.
  record Enslave(LinkRef member, LinkRef bond) implements Change {
    @Override
    public String toString() {
      return "make " + member + " a member of " + bond.name();
    }
  }

  /// Takes a member out of its bond; it is down afterwards.
  record Release(LinkRef member, LinkRef bond) implements Change {
    @Override
    public String toString() {
      return "release " + member + " from " + bond.name();
    }
  }

  /// Sets options that a bond keeps per member.
  record SetMemberOptions(LinkRef member, OptionalInt priority, OptionalInt queueId)
      implements Change {
    @Override
    public String toString() {
      return "set member options of "
          + member
          + (priority.isPresent() ? ", prio " + priority.getAsInt() : "")
          + (queueId.isPresent() ? ", queue id " + queueId.getAsInt() : "");
    }
  }

  /// Sets which member a bond prefers; none if it is empty. A bond without a primary chooses by
  /// priority.
  record SetPrimary(LinkRef bond, Optional<String> primary) implements Change {
    @Override
    public String toString() {
      return "set primary of " + bond + " to " + primary.orElse("none");
    }
  }

  /// Makes a member the one that carries a bond's traffic. The kernel refuses one whose link is
  /// down, and may choose another with the next change of a link.
  record SetActiveMember(LinkRef bond, String member) implements Change {
    @Override
    public String toString() {
      return "make " + member + " the active member of " + bond;
    }
  }

  /// Sets a link's MAC address.
  record SetMac(LinkRef link, MacAddress mac) implements Change {
    @Override
    public String toString() {
      return "set MAC " + mac + " on " + link;
    }
  }

  /// Sets a link's MTU.
  record SetMtu(LinkRef link, int mtuBytes) implements Change {
    @Override
    public String toString() {
      return "set MTU " + mtuBytes + " on " + link;
    }
  }

  /// Sets one of a link's other settings.
  record Tune(LinkRef link, LinkSetting setting, String value) implements Change {
    @Override
    public String toString() {
      return "set " + setting + " " + (value.isEmpty() ? "to nothing" : value) + " on " + link;
    }
  }

  /// Gives a link another name; the link must be down.
  record Rename(LinkRef link, String newName) implements Change {
    @Override
    public String toString() {
      return "rename " + link + " to " + newName;
    }
  }

  /// Gives a link an additional name.
  record AddAltName(LinkRef link, String altName) implements Change {
    @Override
    public String toString() {
      return "add alternative name " + altName + " to " + link;
    }
  }

  /// Takes an additional name from a link.
  record RemoveAltName(LinkRef link, String altName) implements Change {
    @Override
    public String toString() {
      return "remove alternative name " + altName + " from " + link;
    }
  }

  /// Moves a link to the other network namespace under a new name, both in one message. The kernel
  /// takes it down, out of any bond, and drops its addresses.
  record Move(LinkRef link, LinkRef destination) implements Change {
    @Override
    public String toString() {
      return "move " + link + " to " + destination;
    }
  }

  /// Sets a VF's properties through the PF that it has when the change is made; absent properties
  /// stay as they are. `ENXIO` means that there is no VF at the address any more, and a removal
  /// counts that as success. A PF that has no interface now is a failure.
  record SetVf(VfRef vf, VfSettings settings) implements Change {
    @Override
    public String toString() {
      return "set " + settings + " on " + vf;
    }
  }

  /// Unbinds a VF from its driver and binds it again, so that its interface is made anew, on the
  /// host. Everything on top of the old interface goes with it, in every network namespace, and so
  /// does everything attached to it; no namespace can hide the VF any longer. A VF without a driver
  /// gets its own.
  record Rebind(VfRef vf) implements Change {
    @Override
    public String toString() {
      return "unbind the driver of " + vf + " and bind it again";
    }
  }

  /// A change on top of a link, which leaves the link itself as it is.
  sealed interface OfIpLayer extends Change {}

  /// Adds an address to a link.
  record AddAddress(LinkRef link, IpPrefix address) implements OfIpLayer {
    @Override
    public String toString() {
      return "add address " + address + " to " + link;
    }
  }

  /// Removes an address from a link.
  record RemoveAddress(LinkRef link, IpPrefix address) implements OfIpLayer {
    @Override
    public String toString() {
      return "remove address " + address + " from " + link;
    }
  }

  /// Adds a route out of a link; a route to the same destination becomes multipath.
  record AddRoute(LinkRef link, Route route) implements OfIpLayer {
    @Override
    public String toString() {
      return "add route " + route + " on " + link;
    }
  }

  /// Removes a route.
  record RemoveRoute(LinkRef link, Route route) implements OfIpLayer {
    @Override
    public String toString() {
      return "remove route " + route + " on " + link;
    }
  }

  /// Writes a sysctl of the network namespace.
  ///
  /// @param key path below `/proc/sys/net`, such as `ipv4/conf/bond0/arp_notify`
  record SetSysctl(Place place, String key, String value) implements OfIpLayer {
    @Override
    public String toString() {
      return "set net/" + key + " = " + value + " " + place.phrase();
    }
  }
}
