package dev.podbond.netlink.linux;

import dev.podbond.netlink.LinuxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Lets any thread end another one's poll(2): an eventfd among the descriptors it waits for.
public final class WakeUp implements AutoCloseable {
  private final LinuxCalls calls;
  private final Fd fd;

  private WakeUp(LinuxCalls calls, Fd fd) {
    this.calls = calls;
    this.fd = fd;
  }

  /// Not rung yet.
  ///
  /// @throws LinuxException if the kernel has no descriptor to give
  public static WakeUp open(LinuxCalls calls) throws LinuxException {
    return new WakeUp(calls, new Fd(calls, calls.eventFd(), "a wake-up"));
  }

  /// The descriptor to wait for.
  public int fd() {
    return fd.number();
  }

  /// Ends the present or next wait; nothing happens if nobody can wait any more.
  public void ring() {
    byte[] one = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(1).array();
    try {
      calls.write(fd.number(), one);
    } catch (LinuxException e) {
      throw new AssertionError("an eventfd takes a one", e);
    } catch (IllegalStateException e) {
      // Another thread closed it in the meantime: then nobody waits.
    }
  }

  /// Lets the next wait be one again.
  public void silence() throws LinuxException {
    calls.read(fd.number(), new byte[Long.BYTES]);
  }

  @Override
  public void close() {
    fd.close();
  }
}
