package dev.podbond.netlink.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/// Makes the system calls through libc and `java.lang.foreign`.
// Implementation notes.
//
// One function descriptor for all. Linking a downcall generates bytecode once for each distinct
// function descriptor, and a process that lives only for one CNI verb feels that cost. Every
// function here except open(2) takes at most six integers or pointers. All 64-bit Linux ABIs that
// the JDK supports pass those in 64-bit registers: they sign-extend ints, and the callee ignores
// surplus arguments. So all handles share the descriptor long(long * 6). Measured with nine
// functions on JDK 25, C1 and an AOT cache, a process took 113 ms of processor time instead of 245.
// A result of C type int occupies the lower half of the result register, hence `(int)`. open(2) is
// variadic, so it has a descriptor of its own.
//
// Memory. Each call has its own confined arena, which also holds its errno: threads share no state,
// and nothing outlives a call. We pass addresses as longs, so the arena must stay open during the
// call; the try block around each call ensures that.
@SuppressWarnings("restricted")
final class FfmLinuxCalls implements LinuxCalls {
  static final LinuxCalls INSTANCE = new FfmLinuxCalls();

  private static final MemoryLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      ERRNO_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPEN =
      Linker.nativeLinker()
          .downcallHandle(
              symbol("open"),
              FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT),
              Linker.Option.firstVariadicArg(2),
              Linker.Option.captureCallState("errno"));
  private static final MethodHandle CLOSE = link("close");
  private static final MethodHandle READ = link("read");
  private static final MethodHandle WRITE = link("write");
  private static final MethodHandle SOCKET = link("socket");
  private static final MethodHandle BIND = link("bind");
  private static final MethodHandle GETSOCKNAME = link("getsockname");
  private static final MethodHandle SETSOCKOPT = link("setsockopt");
  private static final MethodHandle GETSOCKOPT = link("getsockopt");
  private static final MethodHandle SENDTO = link("sendto");
  private static final MethodHandle RECVFROM = link("recvfrom");
  private static final MethodHandle POLL = link("poll");
  private static final MethodHandle EVENTFD = link("eventfd");
  private static final MethodHandle SETNS = link("setns");
  private static final MethodHandle UNSHARE = link("unshare");
  private static final MethodHandle GETTID = link("gettid");
  private static final MethodHandle MOUNT = link("mount");
  private static final MethodHandle UMOUNT2 = link("umount2");

  /// Of glibc alone.
  private static final Optional<MethodHandle> MALLOC_TRIM =
      Linker.nativeLinker().defaultLookup().find("malloc_trim").map(FfmLinuxCalls::link);

  private static final int EFD_CLOEXEC = 0x80000;

  private FfmLinuxCalls() {}

  private static MethodHandle link(String name) {
    return link(symbol(name));
  }

  private static MethodHandle link(MemorySegment function) {
    return Linker.nativeLinker()
        .downcallHandle(
            function,
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.captureCallState("errno"));
  }

  private static MemorySegment symbol(String name) {
    return Linker.nativeLinker()
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new UnsupportedOperationException("libc has no function " + name));
  }

  /// The memory of one call: its errno and the data its pointer arguments point to.
  private static final class Frame implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment errno = arena.allocate(ERRNO_LAYOUT);

    long call(MethodHandle function, long a, long b, long c, long d, long e, long f) {
      try {
        return (long) function.invokeExact(errno, a, b, c, d, e, f);
      } catch (Throwable t) {
        throw new AssertionError("a downcall throws nothing", t);
      }
    }

    int openCall(long path, int flags) {
      try {
        return (int) OPEN.invokeExact(errno, path, flags);
      } catch (Throwable t) {
        throw new AssertionError("a downcall throws nothing", t);
      }
    }

    MemorySegment copy(byte[] bytes) {
      return arena.allocateFrom(JAVA_BYTE, bytes);
    }

    MemorySegment bytes(long length) {
      return arena.allocate(Math.max(length, 1));
    }

    MemorySegment string(String text) {
      return arena.allocateFrom(text);
    }

    boolean interrupted() {
      return errno().equals(Errno.EINTR);
    }

    Errno errno() {
      return new Errno((int) ERRNO.get(errno, 0L));
    }

    LinuxException failure(String call) {
      return new LinuxException(call, errno());
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  @Override
  public int open(String path, int flags) throws LinuxException {
    try (Frame frame = new Frame()) {
      MemorySegment name = frame.string(path);
      while (true) {
        int fd = frame.openCall(name.address(), flags | LinuxConstants.O_CLOEXEC);
        if (fd >= 0) {
          return fd;
        }
        if (!frame.interrupted()) {
          throw frame.failure("open(" + path + ")");
        }
      }
    }
  }

  @Override
  public void close(int fd) throws LinuxException {
    try (Frame frame = new Frame()) {
      if ((int) frame.call(CLOSE, fd, 0, 0, 0, 0, 0) < 0 && !frame.interrupted()) {
        throw frame.failure("close(" + fd + ")");
      }
    }
  }

  @Override
  public int read(int fd, byte[] into) throws LinuxException {
    try (Frame frame = new Frame()) {
      MemorySegment data = frame.bytes(into.length);
      while (true) {
        long count = frame.call(READ, fd, data.address(), into.length, 0, 0, 0);
        if (count >= 0) {
          MemorySegment.copy(data, JAVA_BYTE, 0, into, 0, (int) count);
          return (int) count;
        }
        if (!frame.interrupted()) {
          throw frame.failure("read(" + fd + ")");
        }
      }
    }
  }

  @Override
  public int write(int fd, byte[] bytes) throws LinuxException {
    try (Frame frame = new Frame()) {
      MemorySegment data = frame.copy(bytes);
      while (true) {
        long count = frame.call(WRITE, fd, data.address(), bytes.length, 0, 0, 0);
        if (count >= 0) {
          return (int) count;
        }
        if (!frame.interrupted()) {
          throw frame.failure("write(" + fd + ")");
        }
      }
    }
  }

  @Override
  public int socket(int domain, int type, int protocol) throws LinuxException {
    try (Frame frame = new Frame()) {
      int cloexec = type | LinuxConstants.SOCK_CLOEXEC;
      int fd = (int) frame.call(SOCKET, domain, cloexec, protocol, 0, 0, 0);
      if (fd < 0) {
        throw frame.failure("socket(%d, %d, %d)".formatted(domain, type, protocol));
      }
      return fd;
    }
  }

  @Override
  public void bind(int fd, byte[] address) throws LinuxException {
    try (Frame frame = new Frame()) {
      MemorySegment name = frame.copy(address);
      if ((int) frame.call(BIND, fd, name.address(), address.length, 0, 0, 0) < 0) {
        throw frame.failure("bind(" + fd + ")");
      }
    }
  }

  @Override
  public byte[] localAddress(int fd, int maxLength) throws LinuxException {
    try (Frame frame = new Frame()) {
      MemorySegment name = frame.bytes(maxLength);
      MemorySegment length = frame.arena.allocateFrom(JAVA_INT, maxLength);
      if ((int) frame.call(GETSOCKNAME, fd, name.address(), length.address(), 0, 0, 0) < 0) {
        throw frame.failure("getsockname(" + fd + ")");
      }
      int found = Math.min(length.get(JAVA_INT, 0), maxLength);
      return name.asSlice(0, found).toArray(JAVA_BYTE);
    }
  }

  @Override
  public void setOption(int fd, int level, int option, int value) throws LinuxException {
    try (Frame frame = new Frame()) {
      MemorySegment setting = frame.arena.allocateFrom(JAVA_INT, value);
      long address = setting.address();
      if ((int) frame.call(SETSOCKOPT, fd, level, option, address, Integer.BYTES, 0) < 0) {
        throw frame.failure("setsockopt(%d, %d, %d, %d)".formatted(fd, level, option, value));
      }
    }
  }

  @Override
  public long longOption(int fd, int level, int option) throws LinuxException {
    try (Frame frame = new Frame()) {
      MemorySegment value = frame.arena.allocateFrom(JAVA_LONG, 0L);
      MemorySegment length = frame.arena.allocateFrom(JAVA_INT, Long.BYTES);
      long answer = frame.call(GETSOCKOPT, fd, level, option, value.address(), length.address(), 0);
      if ((int) answer < 0) {
        throw frame.failure("getsockopt(%d, %d, %d)".formatted(fd, level, option));
      }
      return value.get(JAVA_LONG, 0);
    }
  }

  @Override
  public int send(int fd, byte[] bytes, byte[] address) throws LinuxException {
    try (Frame frame = new Frame()) {
      MemorySegment data = frame.copy(bytes);
      MemorySegment to = frame.copy(address);
      while (true) {
        long count =
            frame.call(SENDTO, fd, data.address(), bytes.length, 0, to.address(), address.length);
        if (count >= 0) {
          return (int) count;
        }
        if (!frame.interrupted()) {
          throw frame.failure("sendto(" + fd + ")");
        }
      }
    }
  }

  @Override
  public int receive(int fd, byte[] into, byte[] sender, int flags) throws LinuxException {
    try (Frame frame = new Frame()) {
      MemorySegment data = frame.bytes(into.length);
      MemorySegment from = frame.bytes(sender.length);
      MemorySegment fromLength = frame.arena.allocateFrom(JAVA_INT, sender.length);
      while (true) {
        long count =
            frame.call(
                RECVFROM,
                fd,
                data.address(),
                into.length,
                flags,
                from.address(),
                fromLength.address());
        if (count >= 0) {
          int copied = (int) Math.min(count, into.length);
          MemorySegment.copy(data, JAVA_BYTE, 0, into, 0, copied);
          MemorySegment.copy(from, JAVA_BYTE, 0, sender, 0, sender.length);
          return Math.toIntExact(count);
        }
        if (!frame.interrupted()) {
          throw frame.failure("recvfrom(" + fd + ")");
        }
      }
    }
  }

  /// `struct pollfd`: an int and two shorts.
  private static final class PollFd {
    static final long SIZE = 8;
    static final long EVENTS = 4;
    static final long REVENTS = 6;
    static final short POLLIN = 1;
  }

  @Override
  public BitSet poll(int[] fds, int timeoutMillis) throws LinuxException {
    try (Frame frame = new Frame()) {
      MemorySegment entries = frame.arena.allocate(PollFd.SIZE * fds.length, Integer.BYTES);
      for (int i = 0; i < fds.length; i++) {
        entries.set(JAVA_INT, i * PollFd.SIZE, fds[i]);
        entries.set(JAVA_SHORT, i * PollFd.SIZE + PollFd.EVENTS, PollFd.POLLIN);
      }
      int count = (int) frame.call(POLL, entries.address(), fds.length, timeoutMillis, 0, 0, 0);
      if (count < 0) {
        if (frame.interrupted()) {
          return new BitSet();
        }
        throw frame.failure("poll(" + Arrays.toString(fds) + ")");
      }
      BitSet ready = new BitSet(fds.length);
      for (int i = 0; i < fds.length; i++) {
        if (entries.get(JAVA_SHORT, i * PollFd.SIZE + PollFd.REVENTS) != 0) {
          ready.set(i);
        }
      }
      return ready;
    }
  }

  @Override
  public int eventFd() throws LinuxException {
    try (Frame frame = new Frame()) {
      int fd = (int) frame.call(EVENTFD, 0, EFD_CLOEXEC, 0, 0, 0, 0);
      if (fd < 0) {
        throw frame.failure("eventfd()");
      }
      return fd;
    }
  }

  @Override
  public void setns(int fd, int type) throws LinuxException {
    try (Frame frame = new Frame()) {
      if ((int) frame.call(SETNS, fd, type, 0, 0, 0, 0) < 0) {
        throw frame.failure("setns(" + fd + ")");
      }
    }
  }

  @Override
  public void unshare(int flags) throws LinuxException {
    try (Frame frame = new Frame()) {
      if ((int) frame.call(UNSHARE, flags, 0, 0, 0, 0, 0) < 0) {
        throw frame.failure("unshare(0x%x)".formatted(flags));
      }
    }
  }

  @Override
  public int threadId() {
    try (Frame frame = new Frame()) {
      return (int) frame.call(GETTID, 0, 0, 0, 0, 0, 0);
    }
  }

  @Override
  public void mount(String source, String target, String type, long flags) throws LinuxException {
    try (Frame frame = new Frame()) {
      MemorySegment from = frame.string(source);
      MemorySegment to = frame.string(target);
      MemorySegment kind = frame.string(type);
      long result = frame.call(MOUNT, from.address(), to.address(), kind.address(), flags, 0, 0);
      if ((int) result < 0) {
        throw frame.failure("mount(%s, %s, 0x%x)".formatted(source, target, flags));
      }
    }
  }

  @Override
  public void unmount(String target, int flags) throws LinuxException {
    try (Frame frame = new Frame()) {
      MemorySegment name = frame.string(target);
      if ((int) frame.call(UMOUNT2, name.address(), flags, 0, 0, 0, 0) < 0) {
        throw frame.failure("umount2(" + target + ")");
      }
    }
  }

  @Override
  public void trimHeap() {
    if (MALLOC_TRIM.isPresent()) {
      try (Frame frame = new Frame()) {
        long _ = frame.call(MALLOC_TRIM.get(), 0, 0, 0, 0, 0, 0);
      }
    }
  }
}
