package dev.podbond.netlink.netns;

import dev.podbond.netlink.HardwareAddress;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.linux.Fd;
import dev.podbond.netlink.linux.LinuxCalls;
import dev.podbond.netlink.linux.LinuxConstants;
import dev.podbond.netlink.linux.NetnsThread;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Sends complete link-layer frames out of one interface of a network namespace.
///
/// It receives nothing, because the socket is bound to protocol 0. Needs `CAP_NET_RAW` in the
/// namespace.
public final class PacketSocket implements AutoCloseable {
  /// `struct sockaddr_ll` of `linux/if_packet.h`: family, protocol, index, ARP type, packet type,
  /// address length, address.
  private static final int SOCKADDR_LL_LENGTH = 20;

  private static final int MAX_SOCKADDR_ADDRESS = 8;
  private static final int ADDRESS_OFFSET = 12;

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
    LinuxCalls calls = LinuxCalls.system();
    int number =
        NetnsThread.system()
            .inside(
                netns.fd(),
                c ->
                    c.socket(LinuxConstants.AF_PACKET, LinuxConstants.SOCK_RAW, /* protocol= */ 0));
    Fd fd = new Fd(calls, number, "packet socket on link " + linkIndex + " in " + netns);
    try {
      calls.bind(number, address(linkIndex, 0, new byte[0]));
    } catch (LinuxException | RuntimeException e) {
      fd.close();
      throw e;
    }
    return new PacketSocket(calls, fd, linkIndex);
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
