package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.wire.PayloadWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What to change of an interface in one message; what is not given stays.
///
/// The kernel applies the parts one after the other: options of the bond or the member, network
/// namespace (with the new name), hardware address, MTU, name, master, up or down. It stops at the
/// first one it refuses, without taking the earlier ones back. Two things follow: an interface
/// cannot be taken down and made a bond's member in one message, and member options need the
/// interface to be a member already.
///
/// @param up up or down
/// @param mtu in bytes
/// @param address the hardware address
/// @param name the new name; the interface must be down on kernels before 6.2
/// @param master the index of the bond or bridge to join, 0 to leave
/// @param netns the namespace to move to
/// @param bond options of a bond
/// @param bondMember options of a bond's member
public record LinkChange(
    Optional<Boolean> up,
    OptionalInt mtu,
    Optional<HardwareAddress> address,
    Optional<String> name,
    OptionalInt master,
    Optional<Netns> netns,
    Optional<AttributeValues<BondAttribute>> bond,
    Optional<AttributeValues<BondMemberAttribute>> bondMember) {
  /// No change yet.
  public static LinkChange of() {
    return new LinkChange(
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// Brings it up.
  public LinkChange bringUp() {
    return new LinkChange(Optional.of(true), mtu, address, name, master, netns, bond, bondMember);
  }

  /// Takes it down.
  public LinkChange takeDown() {
    return new LinkChange(Optional.of(false), mtu, address, name, master, netns, bond, bondMember);
  }

  /// Sets the MTU in bytes.
  public LinkChange mtu(int bytes) {
    return new LinkChange(
        up, OptionalInt.of(bytes), address, name, master, netns, bond, bondMember);
  }

  /// Sets the hardware address.
  public LinkChange address(HardwareAddress to) {
    return new LinkChange(up, mtu, Optional.of(to), name, master, netns, bond, bondMember);
  }

  /// Renames it.
  public LinkChange rename(String to) {
    return new LinkChange(up, mtu, address, Optional.of(to), master, netns, bond, bondMember);
  }

  /// Makes it a member of the bond or bridge with this index. To join a bond it must be down.
  public LinkChange join(int masterIndex) {
    return new LinkChange(
        up, mtu, address, name, OptionalInt.of(masterIndex), netns, bond, bondMember);
  }

  /// Takes it out of its bond or bridge. Leaving a bond takes it down.
  public LinkChange leave() {
    return join(0);
  }

  /// Moves it to another network namespace. Together with [#rename] it arrives under the new name;
  /// it arrives down, and keeps its index if that is free there.
  public LinkChange moveTo(Netns to) {
    return new LinkChange(up, mtu, address, name, master, Optional.of(to), bond, bondMember);
  }

  /// Sets options of a bond.
  public LinkChange bond(AttributeValues<BondAttribute> options) {
    return new LinkChange(up, mtu, address, name, master, netns, Optional.of(options), bondMember);
  }

  /// Sets options of a bond's member.
  public LinkChange bondMember(AttributeValues<BondMemberAttribute> options) {
    return new LinkChange(up, mtu, address, name, master, netns, bond, Optional.of(options));
  }

  /// Options travel in `RTM_NEWLINK` only; `RTM_SETLINK` ignores them without a word.
  int messageType() {
    return bond.isPresent() || bondMember.isPresent()
        ? LinkAttributes.RTM_NEWLINK
        : LinkAttributes.RTM_SETLINK;
  }

  void writeTo(PayloadWriter writer, int index) {
    int change = up.isPresent() ? LinkAttributes.IFF_UP : 0;
    int flags = up.orElse(false) ? LinkAttributes.IFF_UP : 0;
    new LinkHeader(0, index, flags, change).writeTo(writer);
    mtu.ifPresent(bytes -> writer.attributeU32(LinkAttributes.MTU, bytes));
    address.ifPresent(mac -> writer.attributeBytes(LinkAttributes.ADDRESS, mac.toBytes()));
    name.ifPresent(to -> writer.attributeString(LinkAttributes.IFNAME, to));
    master.ifPresent(to -> writer.attributeS32(LinkAttributes.MASTER, to));
    netns.ifPresent(to -> writer.attributeS32(LinkAttributes.NET_NS_FD, to.fd()));
    if (bond.isPresent() || bondMember.isPresent()) {
      writer.nested(LinkAttributes.LINKINFO, this::writeInfo);
    }
  }

  private void writeInfo(PayloadWriter info) {
    bond.ifPresent(options ->
        info.attributeString(LinkAttributes.INFO_KIND, "bond")
            .nested(LinkAttributes.INFO_DATA, data -> AttributeCodec.write(data, options)));
    bondMember.ifPresent(options ->
        info.attributeString(LinkAttributes.INFO_SLAVE_KIND, "bond")
            .nested(LinkAttributes.INFO_SLAVE_DATA, data -> AttributeCodec.write(data, options)));
  }

  /// The change in words, such as `join 7, down`.
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    netns.ifPresent(to -> parts.add("move to " + to));
    name.ifPresent(to -> parts.add("rename to " + to));
    address.ifPresent(mac -> parts.add("address " + mac));
    mtu.ifPresent(bytes -> parts.add("mtu " + bytes));
    bond.ifPresent(options -> parts.add("bond options " + options));
    bondMember.ifPresent(options -> parts.add("member options " + options));
    master.ifPresent(to -> parts.add(to == 0 ? "leave its master" : "join " + to));
    up.ifPresent(to -> parts.add(to ? "up" : "down"));
    return String.join(", ", parts);
  }
}
