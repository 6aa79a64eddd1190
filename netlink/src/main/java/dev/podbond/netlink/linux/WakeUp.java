package dev.podbond.netlink.linux;

import dev.podbond.netlink.LinuxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Lets any thread end another thread's poll(2): an eventfd that the other thread polls too.
public final class WakeUp implements AutoCloseable {
  private final LinuxCalls calls;
  private final Fd fd;

  private WakeUp(LinuxCalls calls, Fd fd) {
    this.calls = calls;
    this.fd = fd;
  }

  /// Opens a wake-up that has not rung.
  ///
  /// @throws LinuxException if the kernel refuses, `EMFILE` without a free descriptor
  public static WakeUp open(LinuxCalls calls) throws LinuxException {
    return new WakeUp(calls, new Fd(calls, calls.eventFd(), "a wake-up"));
  }

  /// The descriptor to poll.
  public int fd() {
    return fd.number();
  }

  /// Ends the present or next wait. Does nothing after [#close].
  public void ring() {
    byte[] one = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(1).array();
    try {
      calls.write(fd.number(), one);
    } catch (LinuxException e) {
      throw new AssertionError("an eventfd accepts the value 1", e);
    } catch (IllegalStateException e) {
      // Another thread closed it meanwhile, so nobody waits.
    }
  }

  /// Takes the ring back, so that the next wait really waits.
  public void silence() throws LinuxException {
    calls.read(fd.number(), new byte[Long.BYTES]);
  }

  @Override
  public void close() {
    fd.close();
  }
}
