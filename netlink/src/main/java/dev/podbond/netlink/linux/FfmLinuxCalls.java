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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

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
// Memory. Each call borrows a frame for its errno and its data, and gives it back at its end:
// threads share no state, and nothing outlives a call. Up to KEPT frames are kept for the next
// calls, so that a call allocates nothing. What does not fit in a frame is a block beside it. Such
// a
// block takes any datagram, and a few are kept as well. All this comes from malloc(3) and not from
// an
// arena: an arena would fill it with zeros, while of this memory only the pages that were used ever
// exist.
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
  private static final MethodHandle FLOCK = link("flock");
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
  private static final MethodHandle MALLOC = link("malloc");
  private static final MethodHandle FREE = link("free");

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

  /// The memory of one call: its errno and the data its pointer arguments point to. The data is not
  /// zeroed: what an earlier call left must never be shown.
  private static final class Frame implements AutoCloseable {
    /// In bytes: enough for all but answers of the kernel.
    private static final long SIZE = 16 * 1024;

    /// In bytes: the largest datagram that we accept.
    private static final long LARGE = 1024 * 1024;

    /// How many frames wait for the next calls. More are in use only where as many threads are
    /// inside system calls at once.
    private static final int KEPT = 8;

    /// How many blocks of the large size wait. Each may hold pages that libc used before.
    private static final int KEPT_LARGE = 2;

    private static final long ALIGNMENT = 16;

    private static final AtomicReferenceArray<@Nullable Frame> IDLE =
        new AtomicReferenceArray<>(KEPT);

    private static final AtomicReferenceArray<@Nullable MemorySegment> IDLE_LARGE =
        new AtomicReferenceArray<>(KEPT_LARGE);

    private final MemorySegment memory;
    private final MemorySegment errno;
    private long used;
    private final List<MemorySegment> excess = new ArrayList<>(0);

    private Frame() {
      memory = allocated(SIZE);
      errno = memory.asSlice(0, ERRNO_LAYOUT);
      reset();
    }

    private static MemorySegment allocated(long size) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment errno = arena.allocate(ERRNO_LAYOUT);
        long address = (long) MALLOC.invokeExact(errno, size, 0L, 0L, 0L, 0L, 0L);
        if (address == 0) {
          throw new OutOfMemoryError("malloc(" + size + ")");
        }
        return MemorySegment.ofAddress(address).reinterpret(size);
      } catch (OutOfMemoryError e) {
        throw e;
      } catch (Throwable t) {
        throw new AssertionError("a downcall throws nothing", t);
      }
    }

    static Frame borrow() {
      Frame idle = takenFrom(IDLE);
      return idle == null ? new Frame() : idle;
    }

    private static <T> @Nullable T takenFrom(AtomicReferenceArray<@Nullable T> idle) {
      for (int i = 0; i < idle.length(); i++) {
        T one = idle.get(i);
        if (one != null && idle.compareAndSet(i, one, null)) {
          return one;
        }
      }
      return null;
    }

    /// @return whether there was room for it
    private static <T> boolean isKeptIn(AtomicReferenceArray<@Nullable T> idle, T one) {
      for (int i = 0; i < idle.length(); i++) {
        if (idle.get(i) == null && idle.compareAndSet(i, null, one)) {
          return true;
        }
      }
      return false;
    }

    private void reset() {
      used = aligned(ERRNO_LAYOUT.byteSize());
    }

    private static long aligned(long size) {
      return (size + ALIGNMENT - 1) & -ALIGNMENT;
    }

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
      MemorySegment copy = bytes(bytes.length);
      MemorySegment.copy(bytes, 0, copy, JAVA_BYTE, 0, bytes.length);
      return copy;
    }

    /// Memory with any content.
    MemorySegment bytes(long length) {
      long size = aligned(Math.max(length, 1));
      if (size > SIZE - used) {
        MemorySegment more = size > LARGE ? allocated(size) : large();
        excess.add(more);
        return more;
      }
      MemorySegment bytes = memory.asSlice(used, size);
      used += size;
      return bytes;
    }

    private static MemorySegment large() {
      MemorySegment idle = takenFrom(IDLE_LARGE);
      return idle == null ? allocated(LARGE) : idle;
    }

    MemorySegment number(int value) {
      MemorySegment number = bytes(Integer.BYTES);
      number.set(JAVA_INT, 0, value);
      return number;
    }

    MemorySegment number(long value) {
      MemorySegment number = bytes(Long.BYTES);
      number.set(JAVA_LONG, 0, value);
      return number;
    }

    MemorySegment string(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return copy(Arrays.copyOf(bytes, bytes.length + 1));
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
      for (MemorySegment block : excess) {
        if (block.byteSize() != LARGE || !isKeptIn(IDLE_LARGE, block)) {
          free(block);
        }
      }
      excess.clear();
      reset();
      if (!isKeptIn(IDLE, this)) {
        free(memory);
      }
    }

    /// The call's errno goes elsewhere: a frame's own place for it may be what is freed.
    private static void free(MemorySegment allocated) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment errno = arena.allocate(ERRNO_LAYOUT);
        long _ = (long) FREE.invokeExact(errno, allocated.address(), 0L, 0L, 0L, 0L, 0L);
      } catch (Throwable t) {
        throw new AssertionError("a downcall throws nothing", t);
      }
    }
  }

  @Override
  public int open(String path, int flags) throws LinuxException {
    try (Frame frame = Frame.borrow()) {
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
    try (Frame frame = Frame.borrow()) {
      if ((int) frame.call(CLOSE, fd, 0, 0, 0, 0, 0) < 0 && !frame.interrupted()) {
        throw frame.failure("close(" + fd + ")");
      }
    }
  }

  @Override
  public int read(int fd, byte[] into) throws LinuxException {
    try (Frame frame = Frame.borrow()) {
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
    try (Frame frame = Frame.borrow()) {
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
  public void flock(int fd, int operation) throws LinuxException {
    try (Frame frame = new Frame()) {
      while ((int) frame.call(FLOCK, fd, operation, 0, 0, 0, 0) < 0) {
        if (!frame.interrupted()) {
          throw frame.failure("flock(%d, %d)".formatted(fd, operation));
        }
      }
    }
  }

  @Override
  public int socket(int domain, int type, int protocol) throws LinuxException {
    try (Frame frame = Frame.borrow()) {
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
    try (Frame frame = Frame.borrow()) {
      MemorySegment name = frame.copy(address);
      if ((int) frame.call(BIND, fd, name.address(), address.length, 0, 0, 0) < 0) {
        throw frame.failure("bind(" + fd + ")");
      }
    }
  }

  @Override
  public byte[] localAddress(int fd, int maxLength) throws LinuxException {
    try (Frame frame = Frame.borrow()) {
      MemorySegment name = frame.bytes(maxLength);
      MemorySegment length = frame.number(maxLength);
      if ((int) frame.call(GETSOCKNAME, fd, name.address(), length.address(), 0, 0, 0) < 0) {
        throw frame.failure("getsockname(" + fd + ")");
      }
      int found = Math.min(length.get(JAVA_INT, 0), maxLength);
      return name.asSlice(0, found).toArray(JAVA_BYTE);
    }
  }

  @Override
  public void setOption(int fd, int level, int option, int value) throws LinuxException {
    try (Frame frame = Frame.borrow()) {
      MemorySegment setting = frame.number(value);
      long address = setting.address();
      if ((int) frame.call(SETSOCKOPT, fd, level, option, address, Integer.BYTES, 0) < 0) {
        throw frame.failure("setsockopt(%d, %d, %d, %d)".formatted(fd, level, option, value));
      }
    }
  }

  @Override
  public void setOption(int fd, int level, int option, byte[] value) throws LinuxException {
    try (Frame frame = Frame.borrow()) {
      setOption(frame, fd, level, option, frame.copy(value), value.length);
    }
  }

  private static void setOption(
      Frame frame, int fd, int level, int option, MemorySegment value, long length)
      throws LinuxException {
    if ((int) frame.call(SETSOCKOPT, fd, level, option, value.address(), length, 0) < 0) {
      throw frame.failure("setsockopt(%d, %d, %d)".formatted(fd, level, option));
    }
  }

  /// `struct sock_fprog`: a short, padding and a pointer.
  private static final class SockFprog {
    static final long SIZE = 16;
    static final long FILTER = 8;
    static final int INSTRUCTION_BYTES = 8;
  }

  @Override
  public void attachFilter(int fd, byte[] program) throws LinuxException {
    try (Frame frame = Frame.borrow()) {
      MemorySegment setting = frame.bytes(SockFprog.SIZE);
      setting.set(JAVA_SHORT, 0, (short) (program.length / SockFprog.INSTRUCTION_BYTES));
      setting.set(JAVA_LONG, SockFprog.FILTER, frame.copy(program).address());
      int level = LinuxConstants.SOL_SOCKET;
      int option = LinuxConstants.SO_ATTACH_FILTER;
      setOption(frame, fd, level, option, setting, SockFprog.SIZE);
    }
  }

  @Override
  public long longOption(int fd, int level, int option) throws LinuxException {
    try (Frame frame = Frame.borrow()) {
      MemorySegment value = frame.number(0L);
      MemorySegment length = frame.number(Long.BYTES);
      long answer = frame.call(GETSOCKOPT, fd, level, option, value.address(), length.address(), 0);
      if ((int) answer < 0) {
        throw frame.failure("getsockopt(%d, %d, %d)".formatted(fd, level, option));
      }
      return value.get(JAVA_LONG, 0);
    }
  }

  @Override
  public int send(int fd, byte[] bytes, byte[] address) throws LinuxException {
    try (Frame frame = Frame.borrow()) {
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
  public Datagram receive(int fd, int atMost, int senderLength, int flags) throws LinuxException {
    try (Frame frame = Frame.borrow()) {
      // First the small parts, so that they do not have to go elsewhere.
      MemorySegment from = frame.copy(new byte[senderLength]);
      MemorySegment fromLength = frame.number(senderLength);
      MemorySegment data = frame.bytes(atMost);
      while (true) {
        long count =
            frame.call(
                RECVFROM, fd, data.address(), atMost, flags, from.address(), fromLength.address());
        if (count >= 0) {
          byte[] bytes = data.asSlice(0, Math.min(count, atMost)).toArray(JAVA_BYTE);
          byte[] sender = from.asSlice(0, senderLength).toArray(JAVA_BYTE);
          return new Datagram(bytes, Math.toIntExact(count), sender);
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
    try (Frame frame = Frame.borrow()) {
      MemorySegment entries = frame.bytes(PollFd.SIZE * fds.length);
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
    try (Frame frame = Frame.borrow()) {
      int fd = (int) frame.call(EVENTFD, 0, EFD_CLOEXEC, 0, 0, 0, 0);
      if (fd < 0) {
        throw frame.failure("eventfd()");
      }
      return fd;
    }
  }

  @Override
  public void setns(int fd, int type) throws LinuxException {
    try (Frame frame = Frame.borrow()) {
      if ((int) frame.call(SETNS, fd, type, 0, 0, 0, 0) < 0) {
        throw frame.failure("setns(" + fd + ")");
      }
    }
  }

  @Override
  public void unshare(int flags) throws LinuxException {
    try (Frame frame = Frame.borrow()) {
      if ((int) frame.call(UNSHARE, flags, 0, 0, 0, 0, 0) < 0) {
        throw frame.failure("unshare(0x%x)".formatted(flags));
      }
    }
  }

  @Override
  public int threadId() {
    try (Frame frame = Frame.borrow()) {
      return (int) frame.call(GETTID, 0, 0, 0, 0, 0, 0);
    }
  }

  @Override
  public void mount(String source, String target, String type, long flags) throws LinuxException {
    try (Frame frame = Frame.borrow()) {
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
    try (Frame frame = Frame.borrow()) {
      MemorySegment name = frame.string(target);
      if ((int) frame.call(UMOUNT2, name.address(), flags, 0, 0, 0, 0) < 0) {
        throw frame.failure("umount2(" + target + ")");
      }
    }
  }

  @Override
  public void trimHeap() {
    if (MALLOC_TRIM.isPresent()) {
      try (Frame frame = Frame.borrow()) {
        long _ = frame.call(MALLOC_TRIM.get(), 0, 0, 0, 0, 0, 0);
      }
    }
  }
}
