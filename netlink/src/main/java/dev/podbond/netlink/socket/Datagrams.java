package dev.podbond.netlink.socket;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.linux.LinuxCalls;
import dev.podbond.netlink.linux.LinuxConstants;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkMessage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// The raw traffic of one socket: whole datagrams of up to [#LARGEST] bytes, from the kernel only.
final class Datagrams {
  /// In bytes. The kernel needs far less for one object: no attribute exceeds 64 KiB. We offer it
  /// this much room for each datagram. So nothing has to be asked for its size first, and the
  /// kernel fills the datagrams of dumps, after the first, up to 32 KiB (`netlink_recvmsg`,
  /// `netlink_dump`).
  private static final int LARGEST = 1024 * 1024;

  private static final int FLAGS = LinuxConstants.MSG_TRUNC | LinuxConstants.MSG_DONTWAIT;

  private static final int EVENT_QUEUE = 1024 * 1024;

  /// `struct sockaddr_nl`: family, padding, port id, groups.
  private static final int SOCKADDR_NL_LENGTH = 12;

  private static final int SOCKADDR_PORT_OFFSET = 4;

  private final LinuxCalls calls;
  private final int fd;
  private final int portId;

  private Datagrams(LinuxCalls calls, int fd, int portId) {
    this.calls = calls;
    this.fd = fd;
    this.portId = portId;
  }

  /// Opens a socket in the namespace of the calling thread.
  static int open(LinuxCalls calls) throws LinuxException {
    return calls.socket(
        LinuxConstants.AF_NETLINK, LinuxConstants.SOCK_RAW, LinuxConstants.NETLINK_ROUTE);
  }

  /// Sets a socket up for requests and their answers, dumps included.
  static Datagrams forAnswers(LinuxCalls calls, int fd) throws LinuxException {
    return setUp(calls, fd);
  }

  /// Sets a socket up for announcements.
  static Datagrams forAnnouncements(LinuxCalls calls, int fd) throws LinuxException {
    Datagrams datagrams = setUp(calls, fd);
    datagrams.growQueue();
    return datagrams;
  }

  private static Datagrams setUp(LinuxCalls calls, int fd) throws LinuxException {
    enable(calls, fd, LinuxConstants.NETLINK_EXT_ACK);
    enable(calls, fd, LinuxConstants.NETLINK_CAP_ACK);
    enable(calls, fd, LinuxConstants.NETLINK_GET_STRICT_CHK);
    calls.bind(fd, address(0));
    byte[] name = calls.localAddress(fd, SOCKADDR_NL_LENGTH);
    return new Datagrams(calls, fd, portOf(name));
  }

  private static void enable(LinuxCalls calls, int fd, int option) throws LinuxException {
    try {
      calls.setOption(fd, LinuxConstants.SOL_NETLINK, option, 1);
    } catch (LinuxException e) {
      // An older kernel: it explains and checks less, but does the same work.
      if (!e.errno().equals(Errno.ENOPROTOOPT)) {
        throw e;
      }
    }
  }

  /// Makes room for bursts of announcements.
  private void growQueue() throws LinuxException {
    try {
      calls.setOption(fd, LinuxConstants.SOL_SOCKET, LinuxConstants.SO_RCVBUFFORCE, EVENT_QUEUE);
    } catch (LinuxException e) {
      if (!e.errno().equals(Errno.EPERM)) {
        throw e;
      }
      // Without CAP_NET_ADMIN the kernel limits the size to net.core.rmem_max.
      calls.setOption(fd, LinuxConstants.SOL_SOCKET, LinuxConstants.SO_RCVBUF, EVENT_QUEUE);
    }
  }

  void join(int group) throws LinuxException {
    calls.setOption(fd, LinuxConstants.SOL_NETLINK, LinuxConstants.NETLINK_ADD_MEMBERSHIP, group);
  }

  int portId() {
    return portId;
  }

  /// Sends messages in one datagram.
  void send(List<NetlinkMessage> messages) throws LinuxException {
    ByteArrayOutputStream datagram = new ByteArrayOutputStream();
    messages.forEach(message -> datagram.writeBytes(message.toBytes()));
    byte[] bytes = datagram.toByteArray();
    int sent = calls.send(fd, bytes, address(0));
    if (sent != bytes.length) {
      throw new LinuxException(
          "sendto: %d of %d bytes".formatted(sent, bytes.length), Errno.EMSGSIZE);
    }
  }

  /// Waits for the kernel's next datagram.
  ///
  /// @throws LinuxException `ETIMEDOUT` at the deadline, `ENOBUFS` if the kernel had to drop
  ///   datagrams, `E2BIG` for a datagram of more than [#LARGEST] bytes
  List<NetlinkMessage> receive(Deadline deadline) throws LinuxException, MalformedMessage {
    while (true) {
      // rtnetlink answers while it takes the request, so we hardly ever wait.
      List<NetlinkMessage> messages = receiveNow();
      if (!messages.isEmpty()) {
        return messages;
      }
      if (deadline.isOver()) {
        throw new LinuxException("no answer from the kernel", Errno.ETIMEDOUT);
      }
      calls.poll(new int[] {fd}, deadline.remainingMillis());
    }
  }

  /// Takes the next datagram. Returns an empty list if none waits, or if it did not come from the
  /// kernel.
  List<NetlinkMessage> receiveNow() throws LinuxException, MalformedMessage {
    LinuxCalls.Datagram datagram;
    try {
      datagram = calls.receive(fd, LARGEST, SOCKADDR_NL_LENGTH, FLAGS);
    } catch (LinuxException e) {
      if (e.errno().equals(Errno.EAGAIN)) {
        return List.of();
      }
      throw e;
    }
    // Any process may send to our port; the kernel's own port is 0.
    if (portOf(datagram.sender()) != 0) {
      return List.of();
    }
    if (datagram.length() > LARGEST) {
      throw new LinuxException(
          "recvfrom: a datagram of %d bytes exceeds the limit of %d"
              .formatted(datagram.length(), LARGEST),
          Errno.E2BIG);
    }
    return NetlinkMessage.parseAll(ByteBuffer.wrap(datagram.bytes()));
  }

  /// Discards the next datagram unread.
  ///
  /// @return whether there was one
  boolean skipNow() throws LinuxException {
    try {
      LinuxCalls.Datagram _ = calls.receive(fd, 0, SOCKADDR_NL_LENGTH, FLAGS);
      return true;
    } catch (LinuxException e) {
      if (e.errno().equals(Errno.EAGAIN)) {
        return false;
      }
      throw e;
    }
  }

  private static byte[] address(int portId) {
    return ByteBuffer.allocate(SOCKADDR_NL_LENGTH)
        .order(ByteOrder.nativeOrder())
        .putShort((short) LinuxConstants.AF_NETLINK)
        .putShort((short) 0)
        .putInt(portId)
        .putInt(0)
        .array();
  }

  private static int portOf(byte[] address) {
    return address.length < SOCKADDR_NL_LENGTH
        ? 0
        : ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).getInt(SOCKADDR_PORT_OFFSET);
  }
}
