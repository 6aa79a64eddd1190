package dev.podbond.netlink.socket;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.linux.LinuxCalls;
import dev.podbond.netlink.linux.LinuxConstants;
import dev.podbond.netlink.wire.MalformedMessage;
import dev.podbond.netlink.wire.NetlinkFlags;
import dev.podbond.netlink.wire.NetlinkMessage;
import dev.podbond.netlink.wire.Payload;
import dev.podbond.netlink.wire.PayloadWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/// The kernel's side of netlink sockets. It follows a script: each request gets the next answer.
public final class FakeKernel implements LinuxCalls {
  /// The descriptor of the first socket.
  public static final int FD = 7;

  public static final int EVENT_FD = FD + 1;
  static final int PORT = 4711;

  /// Puts the kernel's answer to one request into the queue.
  @FunctionalInterface
  interface Answer {
    void to(NetlinkMessage request, FakeKernel kernel);
  }

  /// A datagram in the queue, or an error that the next receive gets.
  private record Queued(int sender, byte[] bytes, int errno) {}

  private final Queue<Answer> script = new ArrayDeque<>();
  private final Map<Integer, Deque<Queued>> queues = new HashMap<>();
  private int sockets;
  private boolean rung;

  /// How many datagrams were sent.
  int sends;

  /// How often somebody asked for a datagram, whether or not there was one.
  int receives;

  final List<NetlinkMessage> requests = new ArrayList<>();
  public final List<Integer> closed = new ArrayList<>();
  final List<Integer> optionsRefused = new ArrayList<>();

  /// Opens another socket for announcements.
  public MulticastSocket multicastSocket() throws LinuxException {
    return MulticastSocket.open(this, Set.of(1));
  }

  FakeKernel answering(Answer... answers) {
    script.addAll(List.of(answers));
    return this;
  }

  void queue(NetlinkMessage... messages) {
    queueFrom(0, messages);
  }

  /// Queues one datagram for a socket.
  public void queueTo(int fd, NetlinkMessage... messages) {
    queueOf(fd).add(new Queued(0, datagram(messages), 0));
  }

  /// The number of datagrams that a socket has not taken yet.
  public int queuedFor(int fd) {
    return queueOf(fd).size();
  }

  /// Whether a wait for the eventfd would end.
  public boolean isRung() {
    return rung;
  }

  private Deque<Queued> queueOf(int fd) {
    return queues.computeIfAbsent(fd, _ -> new ArrayDeque<>());
  }

  void queueFrom(int sender, NetlinkMessage... messages) {
    queueBytes(sender, datagram(messages));
  }

  private static byte[] datagram(NetlinkMessage... messages) {
    ByteArrayOutputStream datagram = new ByteArrayOutputStream();
    for (NetlinkMessage message : messages) {
      datagram.writeBytes(message.toBytes());
    }
    return datagram.toByteArray();
  }

  void queueBytes(int sender, byte[] bytes) {
    queueOf(FD).add(new Queued(sender, bytes, 0));
  }

  int queued() {
    return queuedFor(FD);
  }

  void queueError(Errno errno) {
    queueErrorTo(FD, errno);
  }

  /// Makes the next receive of a socket fail with this error.
  public void queueErrorTo(int fd, Errno errno) {
    queueOf(fd).add(new Queued(0, new byte[0], errno.number()));
  }

  static NetlinkMessage ack(NetlinkMessage request, int code) {
    return new NetlinkMessage(
        NetlinkFlags.ERROR,
        NetlinkFlags.CAPPED,
        request.sequence(),
        PORT,
        new PayloadWriter().putS32(code).putBytes(new byte[16]).toPayload());
  }

  static NetlinkMessage done(NetlinkMessage request) {
    return new NetlinkMessage(
        NetlinkFlags.DONE,
        NetlinkFlags.MULTI,
        request.sequence(),
        PORT,
        new PayloadWriter().putS32(0).toPayload());
  }

  static NetlinkMessage object(NetlinkMessage request, int flags, int... payload) {
    byte[] bytes = new byte[payload.length];
    for (int i = 0; i < payload.length; i++) {
      bytes[i] = (byte) payload[i];
    }
    return new NetlinkMessage(16, flags, request.sequence(), PORT, Payload.of(bytes));
  }

  @Override
  public int send(int fd, byte[] bytes, byte[] address) {
    try {
      sends++;
      for (NetlinkMessage request : NetlinkMessage.parseAll(ByteBuffer.wrap(bytes))) {
        requests.add(request);
        Answer answer = script.poll();
        if (answer != null) {
          answer.to(request, this);
        }
      }
    } catch (MalformedMessage e) {
      throw new AssertionError("our own request is malformed", e);
    }
    return bytes.length;
  }

  @Override
  public Datagram receive(int fd, int atMost, int senderLength, int flags) throws LinuxException {
    receives++;
    Queued next = queueOf(fd).poll();
    if (next == null) {
      throw new LinuxException("recvfrom", Errno.EAGAIN);
    }
    if (next.errno() != 0) {
      throw new LinuxException("recvfrom", new Errno(next.errno()));
    }
    int length = next.bytes().length;
    int taken = Math.min(length, atMost);
    return new Datagram(
        Arrays.copyOf(next.bytes(), taken),
        (flags & LinuxConstants.MSG_TRUNC) != 0 ? length : taken,
        Arrays.copyOf(address(next.sender()), senderLength));
  }

  @Override
  public BitSet poll(int[] fds, int timeoutMillis) {
    BitSet ready = new BitSet();
    for (int i = 0; i < fds.length; i++) {
      ready.set(i, fds[i] == EVENT_FD ? rung : !queueOf(fds[i]).isEmpty());
    }
    return ready;
  }

  @Override
  public byte[] localAddress(int fd, int maxLength) {
    return Arrays.copyOf(address(PORT), maxLength);
  }

  @Override
  public long longOption(int fd, int level, int option) throws LinuxException {
    throw new LinuxException("getsockopt", Errno.ENOPROTOOPT);
  }

  private static byte[] address(int port) {
    return ByteBuffer.allocate(12)
        .order(ByteOrder.nativeOrder())
        .putShort((short) LinuxConstants.AF_NETLINK)
        .putShort((short) 0)
        .putInt(port)
        .putInt(0)
        .array();
  }

  @Override
  public void close(int fd) {
    closed.add(fd);
  }

  @Override
  public void setOption(int fd, int level, int option, int value) throws LinuxException {
    if (optionsRefused.contains(option)) {
      throw new LinuxException("setsockopt", Errno.ENOPROTOOPT);
    }
  }

  @Override
  public void setOption(int fd, int level, int option, byte[] value) {}

  @Override
  public void attachFilter(int fd, byte[] program) {}

  @Override
  public void bind(int fd, byte[] address) {}

  @Override
  public void flock(int fd, int operation) {}

  @Override
  public int socket(int domain, int type, int protocol) {
    return sockets++ == 0 ? FD : EVENT_FD + sockets;
  }

  @Override
  public int eventFd() {
    return EVENT_FD;
  }

  @Override
  public int write(int fd, byte[] bytes) {
    rung = true;
    return bytes.length;
  }

  @Override
  public int read(int fd, byte[] into) {
    rung = false;
    return into.length;
  }

  @Override
  public int open(String path, int flags) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setns(int fd, int type) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void unshare(int flags) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int threadId() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void mount(String source, String target, String type, long flags) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void unmount(String target, int flags) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void trimHeap() {}
}
