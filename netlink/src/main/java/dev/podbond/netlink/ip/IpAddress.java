package dev.podbond.netlink.ip;

import dev.podbond.netlink.wire.Attribute;
import dev.podbond.netlink.wire.Attributes;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.Payload;
import dev.podbond.netlink.wire.PayloadWriter;
import dev.podbond.value.IpPrefix;
import dev.podbond.value.IpText;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/// An IP address of an interface.
///
/// ```
///  +--------+--------+--------+--------+
///  | family | prefix | flags  | scope  |   struct ifaddrmsg
///  +--------+--------+--------+--------+
///  | link index                        |
///  +-----------------------------------+
/// ```
///
/// @param linkIndex the interface
/// @param address the address itself
/// @param prefixLength the number of bits that name the network
/// @param peer the other end of a point-to-point link
/// @param broadcast the broadcast address of IPv4
/// @param scope how far it is valid
/// @param flags its `IFA_F_*` flags
public record IpAddress(
    int linkIndex,
    InetAddress address,
    int prefixLength,
    Optional<InetAddress> peer,
    Optional<InetAddress> broadcast,
    Scope scope,
    AddressFlags flags) {
  static final int HEADER_LENGTH = 8;

  private static final int PREFIX_OFFSET = 1;
  private static final int FLAGS_OFFSET = 2;
  private static final int SCOPE_OFFSET = 3;
  private static final int INDEX_OFFSET = 4;

  static final int ADDRESS = 1;
  private static final int LOCAL = 2;
  private static final int BROADCAST = 4;
  private static final int FLAGS = 8;

  private static final int LOW_FLAGS = 0xff;

  /// Refuses prefix lengths that exceed the address.
  public IpAddress {
    IpPrefix _ = new IpPrefix(address, prefixLength);
  }

  /// An address without peer and broadcast address. Its scope is host for a loopback address, link
  /// for a link-local address, and else global.
  public static IpAddress of(int linkIndex, InetAddress address, int prefixLength) {
    return new IpAddress(
        linkIndex,
        address,
        prefixLength,
        Optional.empty(),
        Optional.empty(),
        scopeOf(address),
        AddressFlags.NONE);
  }

  private static Scope scopeOf(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return Scope.HOST;
    }
    return address.isLinkLocalAddress() ? Scope.LINK : Scope.GLOBAL;
  }

  /// The same with a broadcast address.
  public IpAddress withBroadcast(Inet4Address to) {
    return new IpAddress(linkIndex, address, prefixLength, peer, Optional.of(to), scope, flags);
  }

  /// Reads an `RTM_NEWADDR` or `RTM_DELADDR` message.
  public static IpAddress parse(NetlinkMessage message) throws MalformedMessage {
    Payload payload = message.payload();
    Attributes attributes = payload.attributes(HEADER_LENGTH);
    Optional<Attribute> wideFlags = attributes.find(FLAGS);
    // IFA_ADDRESS and IFA_LOCAL differ only on point-to-point links; for IPv6 the kernel mostly
    // sends no IFA_LOCAL.
    Optional<InetAddress> address = IpAttributes.address(attributes, ADDRESS);
    Optional<InetAddress> local = IpAttributes.address(attributes, LOCAL);
    InetAddress own =
        local
            .or(() -> address)
            .orElseThrow(() -> new MalformedMessage("neither IFA_LOCAL nor IFA_ADDRESS"));
    int prefixLength = payload.u8(PREFIX_OFFSET);
    if (prefixLength > Family.of(own).maxPrefixLength()) {
      throw new MalformedMessage("prefix length " + prefixLength);
    }
    return new IpAddress(
        payload.s32(INDEX_OFFSET),
        own,
        prefixLength,
        address.filter(other -> !other.equals(own)),
        IpAttributes.address(attributes, BROADCAST),
        Scope.of(payload.u8(SCOPE_OFFSET)),
        new AddressFlags(wideFlags.isPresent() ? wideFlags.get().s32() : payload.u8(FLAGS_OFFSET)));
  }

  PayloadWriter writer() {
    PayloadWriter writer =
        new PayloadWriter()
            .putU8(Family.of(address).number())
            .putU8(prefixLength)
            .putU8(flags.bits() & LOW_FLAGS)
            .putU8(scope.number())
            .putS32(linkIndex);
    writer.attributeBytes(LOCAL, address.getAddress());
    writer.attributeBytes(ADDRESS, peer.orElse(address).getAddress());
    broadcast.ifPresent(to -> writer.attributeBytes(BROADCAST, to.getAddress()));
    if (flags.bits() != 0) {
      writer.attributeS32(FLAGS, flags.bits());
    }
    return writer;
  }

  /// Such as `10.1.2.3/16`.
  @Override
  public String toString() {
    return IpText.format(address) + "/" + prefixLength;
  }
}
