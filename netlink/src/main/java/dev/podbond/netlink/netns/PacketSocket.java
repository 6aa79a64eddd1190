package dev.podbond.netlink.netns;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.linux.Fd;
import dev.podbond.netlink.linux.LinuxCalls;
import dev.podbond.netlink.linux.LinuxConstants;
import dev.podbond.netlink.linux.NetnsThread;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Sends complete link-layer frames out of one interface of a network namespace, and receives those
/// that pass a filter. Without a filter it receives nothing: it is bound to protocol 0. Needs
/// `CAP_NET_RAW` in the namespace.
// Implementation notes.
//
// A socket that receives is bound to ETH_P_ALL and not to the one protocol it waits for. Such a tap
// sees a frame before the interface's master does (`__netif_receive_skb_core`: ptype_all comes
// before rx_handler). A bond passes a frame on, so that a socket bound to ETH_P_ARP on its member
// would still be served afterwards; a bridge and Open vSwitch keep it (RX_HANDLER_CONSUMED), and
// such a socket would hear nothing. A tap also sees the frame before a VLAN interface takes the tag
// away, which the kernel has moved out of the frame by then (`skb_vlan_untag`): the filter reads it
// beside the frame.
//
// What that costs: the filter runs for each frame that comes in through the interface, and nothing
// is copied that does not pass. For frames that go out the kernel would make a copy of each before
// it asks the filter; PACKET_IGNORE_OUTGOING (Linux 4.20) spares that.
//
// The filter is there before the socket is bound, so nothing else ever gets into its queue.
public final class PacketSocket implements AutoCloseable {
  /// `struct sockaddr_ll` of `linux/if_packet.h`: family, protocol, index, ARP type, packet type,
  /// address length, address.
  private static final int SOCKADDR_LL_LENGTH = 20;

  private static final int MAX_SOCKADDR_ADDRESS = 8;
  private static final int ADDRESS_OFFSET = 12;
  private static final int MEMBERSHIP_ADDRESS_OFFSET = 8;

  /// In bytes, as the kernel counts a frame with all its memory: for some dozens of them. What
  /// finds no room the kernel drops.
  private static final int QUEUE = 64 * 1024;

  /// In bytes: more than any filter here takes of a frame.
  private static final int MOST_TAKEN = 2048;

  private final LinuxCalls calls;
  private final Fd fd;
  private final int linkIndex;

  private PacketSocket(LinuxCalls calls, Fd fd, int linkIndex) {
    this.calls = calls;
    this.fd = fd;
    this.linkIndex = linkIndex;
  }

  /// Opens a socket for one interface.
  ///
  /// @param linkIndex the index of the interface in `netns`
  /// @throws LinuxException `ENODEV` if there is no such interface, `EPERM` without `CAP_NET_RAW`
  public static PacketSocket open(Netns netns, int linkIndex) throws LinuxException {
    return open(netns, linkIndex, Optional.empty());
  }

  /// Opens a socket that also receives what passes the filter of what comes in through the
  /// interface, before its master or a VLAN on it gets that.
  ///
  /// @throws LinuxException as [#open(Netns, int)]
  public static PacketSocket open(Netns netns, int linkIndex, PacketFilter filter)
      throws LinuxException {
    return open(netns, linkIndex, Optional.of(filter));
  }

  private static PacketSocket open(Netns netns, int linkIndex, Optional<PacketFilter> filter)
      throws LinuxException {
    LinuxCalls calls = LinuxCalls.system();
    int number =
        NetnsThread.system()
            .inside(
                netns.fd(),
                c ->
                    c.socket(LinuxConstants.AF_PACKET, LinuxConstants.SOCK_RAW, /* protocol= */ 0));
    Fd fd = new Fd(calls, number, "packet socket on link " + linkIndex + " in " + netns);
    try {
      if (filter.isPresent()) {
        limit(calls, number, filter.get());
      }
      int protocol = filter.isPresent() ? LinuxConstants.ETH_P_ALL : 0;
      calls.bind(number, address(linkIndex, protocol, new byte[0]));
    } catch (LinuxException | RuntimeException e) {
      fd.close();
      throw e;
    }
    return new PacketSocket(calls, fd, linkIndex);
  }

  private static void limit(LinuxCalls calls, int fd, PacketFilter filter) throws LinuxException {
    calls.attachFilter(fd, filter.toBytes());
    calls.setOption(fd, LinuxConstants.SOL_SOCKET, LinuxConstants.SO_RCVBUF, QUEUE);
    try {
      calls.setOption(fd, LinuxConstants.SOL_PACKET, LinuxConstants.PACKET_IGNORE_OUTGOING, 1);
    } catch (LinuxException e) {
      // An older kernel: the filter sees what goes out as well.
      if (!e.errno().equals(Errno.ENOPROTOOPT)) {
        throw e;
      }
    }
  }

  /// Has the interface also receive what is sent to a group, as long as the socket is open: a NIC
  /// drops frames of groups that nobody has asked for.
  ///
  /// @throws LinuxException `ENODEV` if the interface is gone, `EINVAL` if the group is longer than
  ///   an address of the interface
  public void join(HardwareAddress group) throws LinuxException {
    calls.setOption(
        fd.number(),
        LinuxConstants.SOL_PACKET,
        LinuxConstants.PACKET_ADD_MEMBERSHIP,
        membership(linkIndex, group.toBytes()));
  }

  /// Whether frames have passed the filter since this was last asked, and then were dropped for
  /// want of room.
  public boolean hasDropped() throws LinuxException {
    // struct tpacket_stats: how many frames, how many of them were dropped. To read it resets it.
    long statistics =
        calls.longOption(fd.number(), LinuxConstants.SOL_PACKET, LinuxConstants.PACKET_STATISTICS);
    return ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.nativeOrder())
            .putLong(statistics)
            .getInt(Integer.BYTES)
        != 0;
  }

  /// Takes the next frame that has passed the filter, without waiting; empty if there is none. Of a
  /// frame there are as many octets as the filter said.
  ///
  /// @throws LinuxException `ENETDOWN` once after the interface was set down; the socket receives
  ///   again when it is up
  public Optional<byte[]> receive() throws LinuxException {
    try {
      return Optional.of(
          calls
              .receive(fd.number(), MOST_TAKEN, SOCKADDR_LL_LENGTH, LinuxConstants.MSG_DONTWAIT)
              .bytes());
    } catch (LinuxException e) {
      if (e.errno().equals(Errno.EAGAIN)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Sends one frame, its link-layer header included.
  ///
  /// @param destination the address in the frame's header
  /// @param etherType the protocol in the frame's header, such as `0x0806` for ARP
  /// @throws LinuxException `ENETDOWN` if the interface is down, `EMSGSIZE` if the frame is too big
  public void send(HardwareAddress destination, int etherType, byte[] frame) throws LinuxException {
    calls.send(fd.number(), frame, address(linkIndex, etherType, destination.toBytes()));
  }

  /// Closes the socket; further calls do nothing. The kernel makes the closer wait until no
  /// processor can still use the socket (`synchronize_net`). That may take tens of milliseconds.
  @Override
  public void close() {
    fd.close();
  }

  /// `struct packet_mreq` of `linux/if_packet.h`: index, kind, address length, address.
  private static byte[] membership(int linkIndex, byte[] group) {
    ByteBuffer request =
        ByteBuffer.allocate(MEMBERSHIP_ADDRESS_OFFSET + MAX_SOCKADDR_ADDRESS)
            .order(ByteOrder.nativeOrder())
            .putInt(linkIndex)
            .putShort((short) LinuxConstants.PACKET_MR_MULTICAST)
            .putShort((short) group.length);
    return request.put(group, 0, Math.min(group.length, MAX_SOCKADDR_ADDRESS)).array();
  }

  private static byte[] address(int linkIndex, int etherType, byte[] destination) {
    // The kernel accepts longer addresses (InfiniBand has 20 bytes) that run past the end of the
    // structure.
    int length = ADDRESS_OFFSET + Math.max(MAX_SOCKADDR_ADDRESS, destination.length);
    ByteBuffer address =
        ByteBuffer.allocate(Math.max(SOCKADDR_LL_LENGTH, length)).order(ByteOrder.nativeOrder());
    address.putShort((short) LinuxConstants.AF_PACKET);
    address.order(ByteOrder.BIG_ENDIAN).putShort((short) etherType).order(ByteOrder.nativeOrder());
    address.putInt(linkIndex).putShort((short) 0).put((byte) 0).put((byte) destination.length);
    address.put(destination);
    return address.array();
  }
}
