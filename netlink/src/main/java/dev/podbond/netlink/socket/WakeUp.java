package dev.podbond.netlink.socket;

import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.linux.Fd;
import dev.podbond.netlink.linux.LinuxCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Lets any thread end another one's poll(2): an eventfd among the descriptors it waits for.
final class WakeUp implements AutoCloseable {
  private final LinuxCalls calls;
  private final Fd fd;

  private WakeUp(LinuxCalls calls, Fd fd) {
    this.calls = calls;
    this.fd = fd;
  }

  static WakeUp open(LinuxCalls calls) throws LinuxException {
    return new WakeUp(calls, new Fd(calls, calls.eventFd(), "a wake-up"));
  }

  int number() {
    return fd.number();
  }

  boolean isClosed() {
    return fd.isClosed();
  }

  /// Ends the present or next wait; nothing happens if nobody can wait any more.
  void ring() {
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
  void silence() throws LinuxException {
    calls.read(fd.number(), new byte[Long.BYTES]);
  }

  @Override
  public void close() {
    fd.close();
  }
}
