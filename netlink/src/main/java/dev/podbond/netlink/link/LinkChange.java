package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.netlink.wire.RtmType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The changes to one interface in one message. An empty part leaves its setting as it is.
///
/// The kernel applies the parts one after the other: options of a bond's member, network namespace
/// (with the new name), hardware address, MTU, name, master, up or down. It stops at the first part
/// that it refuses, and does not undo the earlier parts. Two things follow. One message cannot take
/// an interface down and make it a bond's member. And member options need an interface that is
/// already a member.
///
/// @param up up or down
/// @param mtu in bytes
/// @param address the hardware address
/// @param name the new name; the interface must be down on kernels before 6.2
/// @param master the index of the bond or bridge to join, 0 to leave
/// @param netns the namespace to move to
/// @param bondMember options of a bond's member
public record LinkChange(
    Optional<Boolean> up,
    OptionalInt mtu,
    Optional<HardwareAddress> address,
    Optional<String> name,
    OptionalInt master,
    Optional<Netns> netns,
    Optional<AttributeValues<BondMemberAttribute>> bondMember) {
  /// An empty change.
  public static LinkChange of() {
    return new LinkChange(
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// Brings it up.
  public LinkChange bringUp() {
    return new LinkChange(Optional.of(true), mtu, address, name, master, netns, bondMember);
  }

  /// Takes it down.
  public LinkChange takeDown() {
    return new LinkChange(Optional.of(false), mtu, address, name, master, netns, bondMember);
  }

  /// Sets the MTU in bytes.
  public LinkChange mtu(int bytes) {
    return new LinkChange(up, OptionalInt.of(bytes), address, name, master, netns, bondMember);
  }

  /// Sets the hardware address.
  public LinkChange address(HardwareAddress to) {
    return new LinkChange(up, mtu, Optional.of(to), name, master, netns, bondMember);
  }

  /// Renames it.
  public LinkChange rename(String to) {
    return new LinkChange(up, mtu, address, Optional.of(to), master, netns, bondMember);
  }

  /// Makes it a member of the bond or bridge with this index. It must be down to join a bond.
  public LinkChange join(int masterIndex) {
    return new LinkChange(up, mtu, address, name, OptionalInt.of(masterIndex), netns, bondMember);
  }

  /// Takes it out of its bond or bridge. A bond also takes down the member that leaves.
  public LinkChange leave() {
    return join(0);
  }

  /// Moves it to another network namespace. Together with [#rename] it arrives under the new name.
  /// It arrives down, and keeps its index if that index is free there.
  public LinkChange moveTo(Netns to) {
    return new LinkChange(up, mtu, address, name, master, Optional.of(to), bondMember);
  }

  /// Sets options of a bond's member.
  public LinkChange bondMember(AttributeValues<BondMemberAttribute> options) {
    return new LinkChange(up, mtu, address, name, master, netns, Optional.of(options));
  }

  /// Member options need `RTM_NEWLINK`: `RTM_SETLINK` silently ignores them.
  int messageType() {
    return bondMember.isPresent() ? RtmType.NEWLINK : RtmType.SETLINK;
  }

  void writeTo(PayloadWriter writer, int index) {
    int change = up.isPresent() ? LinkFlags.UP : 0;
    int flags = up.orElse(false) ? LinkFlags.UP : 0;
    new LinkHeader(0, index, flags, change).writeTo(writer);
    mtu.ifPresent(bytes -> writer.attributeU32(Ifla.MTU, bytes));
    address.ifPresent(mac -> writer.attributeBytes(Ifla.ADDRESS, mac.toBytes()));
    name.ifPresent(to -> writer.attributeString(Ifla.IFNAME, to));
    master.ifPresent(to -> writer.attributeS32(Ifla.MASTER, to));
    netns.ifPresent(to -> writer.attributeS32(Ifla.NET_NS_FD, to.fd()));
    if (bondMember.isPresent()) {
      writer.nested(Ifla.LINKINFO, this::writeInfo);
    }
  }

  private void writeInfo(PayloadWriter info) {
    bondMember.ifPresent(options ->
        info.attributeString(Ifla.INFO_SLAVE_KIND, "bond")
            .nested(Ifla.INFO_SLAVE_DATA, data -> AttributeCodec.write(data, options)));
  }

  /// The change in words, such as `join 7, down`.
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    netns.ifPresent(to -> parts.add("move to " + to));
    name.ifPresent(to -> parts.add("rename to " + to));
    address.ifPresent(mac -> parts.add("address " + mac));
    mtu.ifPresent(bytes -> parts.add("mtu " + bytes));
    bondMember.ifPresent(options -> parts.add("member options " + options));
    master.ifPresent(to -> parts.add(to == 0 ? "leave its master" : "join " + to));
    up.ifPresent(to -> parts.add(to ? "up" : "down"));
    return String.join(", ", parts);
  }
}
