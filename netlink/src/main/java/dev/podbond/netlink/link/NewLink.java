package dev.podbond.netlink.link;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.wire.PayloadWriter;
import java.util.Optional;
import java.util.OptionalInt;

/// A virtual interface to make in one message. The kernel accepts all of it or makes nothing.
///
/// @param name its name
/// @param kind its kind
/// @param address its hardware address; if empty, the kernel chooses one
/// @param mtu in bytes; if empty, the kernel's default for the kind
public record NewLink(String name, Kind kind, Optional<HardwareAddress> address, OptionalInt mtu) {
  /// The kinds of interface that this module can make.
  public sealed interface Kind {
    /// A bond with these options. It cannot move to another namespace later.
    record Bond(AttributeValues<BondAttribute> options) implements Kind {}

    /// A VLAN on top of an interface.
    record VlanOn(int parent, Vlan vlan) implements Kind {}

    /// A pair of interfaces; the message describes the peer like a link of its own.
    record VethPair(NewPeer peer) implements Kind {}

    /// An interface that drops everything sent to it.
    record Dummy() implements Kind {}
  }

  /// The other end of a [Kind.VethPair].
  ///
  /// @param name its name
  /// @param netns the namespace to make it in; if empty, the namespace of the first end
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

  /// A pair of interfaces whose second end is in another namespace.
  public static NewLink veth(String name, String peer, Netns peerNetns) {
    return of(name, new Kind.VethPair(new NewPeer(peer, Optional.of(peerNetns))));
  }

  /// An interface that drops everything sent to it.
  public static NewLink dummy(String name) {
    return of(name, new Kind.Dummy());
  }

  private static NewLink of(String name, Kind kind) {
    return new NewLink(name, kind, Optional.empty(), OptionalInt.empty());
  }

  /// The same with a hardware address.
  public NewLink withAddress(HardwareAddress newAddress) {
    return new NewLink(name, kind, Optional.of(newAddress), mtu);
  }

  /// The same with an MTU in bytes.
  public NewLink withMtu(int bytes) {
    return new NewLink(name, kind, address, OptionalInt.of(bytes));
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
    LinkHeader.ofIndex(0).writeTo(writer);
    writer.attributeString(Ifla.IFNAME, name);
    address.ifPresent(mac -> writer.attributeBytes(Ifla.ADDRESS, mac.toBytes()));
    mtu.ifPresent(bytes -> writer.attributeU32(Ifla.MTU, bytes));
    if (kind instanceof Kind.VlanOn(int parent, Vlan _)) {
      writer.attributeS32(Ifla.LINK, parent);
    }
    writer.nested(
        Ifla.LINKINFO,
        info -> {
          info.attributeString(Ifla.INFO_KIND, kindName());
          writeData(info);
        });
  }

  private void writeData(PayloadWriter info) {
    switch (kind) {
      case Kind.Bond(AttributeValues<BondAttribute> options) ->
          info.nested(Ifla.INFO_DATA, data -> AttributeCodec.write(data, options));
      case Kind.VlanOn(int _, Vlan vlan) ->
          info.nested(
              Ifla.INFO_DATA,
              data ->
                  data.attributeU16(Ifla.VLAN_ID, vlan.id())
                      .attributeBe16(Ifla.VLAN_PROTOCOL, vlan.protocol().etherType()));
      case Kind.VethPair(NewPeer peer) ->
          info.nested(
              Ifla.INFO_DATA, data -> data.nested(Ifla.VETH_INFO_PEER, w -> writePeer(w, peer)));
      case Kind.Dummy() -> {}
    }
  }

  private static void writePeer(PayloadWriter writer, NewPeer peer) {
    LinkHeader.ofIndex(0).writeTo(writer);
    writer.attributeString(Ifla.IFNAME, peer.name());
    peer.netns().ifPresent(target -> writer.attributeS32(Ifla.NET_NS_FD, target.fd()));
  }
}
