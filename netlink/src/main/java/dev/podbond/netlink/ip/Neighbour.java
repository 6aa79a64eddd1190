package dev.podbond.netlink.ip;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.wire.Attribute;
import dev.podbond.netlink.wire.Attributes;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.Payload;
import dev.podbond.netlink.wire.PayloadWriter;
import java.net.InetAddress;
import java.util.Optional;

/// An entry of the ARP or neighbour discovery table, `struct ndmsg`.
///
/// ```
///  +--------+--------------------------+
///  | family | padding                  |
///  +--------+--------------------------+
///  | link index                        |
///  +-----------------+--------+--------+
///  | state           | flags  | type   |
///  +-----------------+--------+--------+
/// ```
///
/// @param linkIndex the interface
/// @param address the neighbour's IP address
/// @param hardwareAddress its hardware address, if it is known
/// @param state what is known about it
/// @param flags `NTF_*`
public record Neighbour(
    int linkIndex,
    InetAddress address,
    Optional<HardwareAddress> hardwareAddress,
    State state,
    int flags) {
  /// `NUD_*` of `linux/neighbour.h`.
  ///
  /// @param bits one of them, or none
  public record State(int bits) {
    /// It was asked for and has not answered yet.
    public static final State INCOMPLETE = new State(0x01);

    /// It answered lately.
    public static final State REACHABLE = new State(0x02);

    /// It answered, but not lately.
    public static final State STALE = new State(0x04);

    /// In use again and about to be asked.
    public static final State DELAY = new State(0x08);

    /// Being asked again.
    public static final State PROBE = new State(0x10);

    /// It did not answer.
    public static final State FAILED = new State(0x20);

    /// No need to ask, such as for multicast.
    public static final State NO_ARP = new State(0x40);

    /// Set by an administrator.
    public static final State PERMANENT = new State(0x80);
  }

  static final int RTM_NEWNEIGH = 28;
  static final int RTM_DELNEIGH = 29;
  static final int RTM_GETNEIGH = 30;

  static final int HEADER_LENGTH = 12;

  private static final int INDEX_OFFSET = 4;
  private static final int STATE_OFFSET = 8;
  private static final int FLAGS_OFFSET = 10;

  private static final int DST = 1;
  private static final int LLADDR = 2;

  /// An entry that stays until it is deleted.
  public static Neighbour permanent(
      int linkIndex, InetAddress address, HardwareAddress hardwareAddress) {
    return new Neighbour(linkIndex, address, Optional.of(hardwareAddress), State.PERMANENT, 0);
  }

  /// Reads an `RTM_NEWNEIGH` or `RTM_DELNEIGH` message of IPv4 or IPv6.
  public static Neighbour parse(NetlinkMessage message) throws MalformedMessage {
    Payload payload = message.payload();
    Attributes attributes = payload.attributes(HEADER_LENGTH);
    InetAddress address =
        IpAttributes.address(attributes, DST)
            .orElseThrow(() -> new MalformedMessage("a neighbour without an address"));
    return new Neighbour(
        payload.s32(INDEX_OFFSET),
        address,
        hardwareAddress(attributes),
        new State(payload.u16(STATE_OFFSET)),
        payload.u8(FLAGS_OFFSET));
  }

  private static Optional<HardwareAddress> hardwareAddress(Attributes attributes)
      throws MalformedMessage {
    Optional<Attribute> attribute = attributes.find(LLADDR);
    if (attribute.isEmpty() || attribute.get().value().length() == 0) {
      return Optional.empty();
    }
    byte[] bytes = attribute.get().bytes();
    if (bytes.length > HardwareAddress.MAX_LENGTH) {
      throw new MalformedMessage("a hardware address of " + bytes.length + " bytes");
    }
    return Optional.of(HardwareAddress.of(bytes));
  }

  PayloadWriter writer() {
    PayloadWriter writer =
        new PayloadWriter()
            .putU8(Family.of(address).number())
            .pad()
            .putS32(linkIndex)
            .putU16(state.bits())
            .putU8(flags)
            .putU8(0);
    writer.attributeBytes(DST, address.getAddress());
    hardwareAddress.ifPresent(mac -> writer.attributeBytes(LLADDR, mac.toBytes()));
    return writer;
  }
}
