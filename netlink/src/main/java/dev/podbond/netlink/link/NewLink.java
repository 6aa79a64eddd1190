package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.wire.PayloadWriter;
import java.util.Optional;
import java.util.OptionalInt;

/// A virtual interface to be made, in one message: either all of it is taken, or it is not made.
///
/// @param name its name
/// @param kind what it is
/// @param address its hardware address; without one the kernel makes one up
/// @param mtu in bytes; without one the kernel's default for the kind
/// @param up whether it is to be up at once
public record NewLink(
    String name, Kind kind, Optional<HardwareAddress> address, OptionalInt mtu, boolean up) {
  /// What can be made.
  public sealed interface Kind {
    /// A bond with these options; a bond must be made where it is to live, for it cannot move.
    record Bond(AttributeValues<BondAttribute> options) implements Kind {}

    /// A VLAN on top of an interface.
    record VlanOn(int parent, Vlan vlan) implements Kind {}

    /// A pair of interfaces; the peer is made as if by a message of its own.
    record VethPair(NewPeer peer) implements Kind {}

    /// An interface that drops what is sent.
    record Dummy() implements Kind {}
  }

  /// The other end of a [Kind.VethPair].
  ///
  /// @param name its name
  /// @param netns the namespace to make it in; without one the other end's
  public record NewPeer(String name, Optional<Netns> netns) {}

  /// A bond.
  public static NewLink bond(String name, AttributeValues<BondAttribute> options) {
    return of(name, new Kind.Bond(options));
  }

  /// A VLAN on the interface with the index `parent`.
  public static NewLink vlan(String name, int parent, Vlan vlan) {
    return of(name, new Kind.VlanOn(parent, vlan));
  }

  /// A pair of interfaces in one namespace.
  public static NewLink veth(String name, String peer) {
    return of(name, new Kind.VethPair(new NewPeer(peer, Optional.empty())));
  }

  /// A pair of interfaces whose other end is made in another namespace.
  public static NewLink veth(String name, String peer, Netns peerNetns) {
    return of(name, new Kind.VethPair(new NewPeer(peer, Optional.of(peerNetns))));
  }

  /// An interface that drops what is sent.
  public static NewLink dummy(String name) {
    return of(name, new Kind.Dummy());
  }

  private static NewLink of(String name, Kind kind) {
    return new NewLink(name, kind, Optional.empty(), OptionalInt.empty(), false);
  }

  /// The same with a hardware address.
  public NewLink withAddress(HardwareAddress newAddress) {
    return new NewLink(name, kind, Optional.of(newAddress), mtu, up);
  }

  /// The same with an MTU in bytes.
  public NewLink withMtu(int bytes) {
    return new NewLink(name, kind, address, OptionalInt.of(bytes), up);
  }

  /// The same, up at once.
  public NewLink withUp() {
    return new NewLink(name, kind, address, mtu, true);
  }

  String kindName() {
    return switch (kind) {
      case Kind.Bond _ -> "bond";
      case Kind.VlanOn _ -> "vlan";
      case Kind.VethPair _ -> "veth";
      case Kind.Dummy _ -> "dummy";
    };
  }

  void writeTo(PayloadWriter writer) {
    int flags = up ? LinkAttributes.IFF_UP : 0;
    new LinkHeader(0, 0, flags, flags).writeTo(writer);
    writer.attributeString(LinkAttributes.IFNAME, name);
    address.ifPresent(mac -> writer.attributeBytes(LinkAttributes.ADDRESS, mac.toBytes()));
    mtu.ifPresent(bytes -> writer.attributeU32(LinkAttributes.MTU, bytes));
    if (kind instanceof Kind.VlanOn(int parent, Vlan _)) {
      writer.attributeS32(LinkAttributes.LINK, parent);
    }
    writer.nested(
        LinkAttributes.LINKINFO,
        info -> {
          info.attributeString(LinkAttributes.INFO_KIND, kindName());
          writeData(info);
        });
  }

  private void writeData(PayloadWriter info) {
    switch (kind) {
      case Kind.Bond(AttributeValues<BondAttribute> options) ->
          info.nested(LinkAttributes.INFO_DATA, data -> AttributeCodec.write(data, options));
      case Kind.VlanOn(int _, Vlan vlan) ->
          info.nested(
              LinkAttributes.INFO_DATA,
              data ->
                  data.attributeU16(LinkAttributes.VLAN_ID, vlan.id())
                      .attributeBe16(LinkAttributes.VLAN_PROTOCOL, vlan.protocol().etherType()));
      case Kind.VethPair(NewPeer peer) ->
          info.nested(
              LinkAttributes.INFO_DATA,
              data -> data.nested(LinkAttributes.VETH_INFO_PEER, w -> writePeer(w, peer)));
      case Kind.Dummy() -> {}
    }
  }

  private static void writePeer(PayloadWriter writer, NewPeer peer) {
    LinkHeader.ofIndex(0).writeTo(writer);
    writer.attributeString(LinkAttributes.IFNAME, peer.name());
    peer.netns().ifPresent(target -> writer.attributeS32(LinkAttributes.NET_NS_FD, target.fd()));
  }
}
