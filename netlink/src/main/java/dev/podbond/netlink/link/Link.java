package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.wire.Attributes;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A network interface as the kernel reported it at one moment.
///
/// @param index its number, unique in its network namespace
/// @param name its name
/// @param altNames its alternative names
/// @param address its hardware address: all zero for loopback, possibly empty for an IP tunnel
/// @param mtu in bytes
/// @param flags up, running and so on
/// @param hasCarrier whether there is a carrier; the kernel reports it even while the interface is
///   down
/// @param hardwareType `ARPHRD_*`: 1 for Ethernet, 32 for InfiniBand, 772 for loopback
/// @param kind the kind of a virtual interface, such as `bond`, `vlan` or `veth`
/// @param master the index of the bond or bridge it is a member of
/// @param memberKind the kind of its master, such as `bond`
/// @param parent the index of the interface below it (a VLAN's parent) or of its peer (veth); that
///   interface may be in another namespace
/// @param parentDeviceName the name of its hardware device on `parentDeviceBus`, for a PCI device
///   the PCI address; known even if the interface is in a pod's namespace
/// @param parentDeviceBus the bus of its hardware device, such as `pci`
/// @param bond its options if it is a bond
/// @param bondMember its state in the bond if it is a bond's member
/// @param vlan its tag if it is a VLAN
/// @param vfs its VFs, if the request asked for VFs
/// @param attributes all attributes that the kernel sent, also those that this record has no
///   component for
public record Link(
    int index,
    String name,
    List<String> altNames,
    Optional<HardwareAddress> address,
    int mtu,
    LinkFlags flags,
    boolean hasCarrier,
    int hardwareType,
    Optional<String> kind,
    OptionalInt master,
    Optional<String> memberKind,
    OptionalInt parent,
    Optional<String> parentDeviceName,
    Optional<String> parentDeviceBus,
    Optional<AttributeValues<BondAttribute>> bond,
    Optional<AttributeValues<BondMemberAttribute>> bondMember,
    Optional<Vlan> vlan,
    List<Vf> vfs,
    Attributes attributes) {
  /// `ARPHRD_ETHER`.
  public static final int ARPHRD_ETHER = 1;

  /// `ARPHRD_INFINIBAND`.
  public static final int ARPHRD_INFINIBAND = 32;

  /// `IFNAMSIZ - 1`, in bytes: the longest name. A longer name can only be an alternative name.
  public static final int MAX_NAME_LENGTH = 15;

  /// Reads an `RTM_NEWLINK` or `RTM_DELLINK` message.
  public static Link parse(NetlinkMessage message) throws MalformedMessage {
    return LinkReader.read(message.payload());
  }

  /// The same link without raw attributes and alternative names. These may take far more memory
  /// than all the rest.
  public Link withoutAttributes() {
    return new Link(
        index,
        name,
        List.of(),
        address,
        mtu,
        flags,
        hasCarrier,
        hardwareType,
        kind,
        master,
        memberKind,
        parent,
        parentDeviceName,
        parentDeviceBus,
        bond,
        bondMember,
        vlan,
        vfs,
        Attributes.none());
  }

  /// Whether it is administratively up.
  public boolean isUp() {
    return flags.isUp();
  }

  /// The VF of this number.
  public Optional<Vf> vf(int vfIndex) {
    return vfs.stream().filter(vf -> vf.index() == vfIndex).findFirst();
  }

  /// Such as `7: net1`.
  @Override
  public String toString() {
    return index + ": " + name;
  }
}
