package dev.podbond.netlink.linux;

import dev.podbond.netlink.LinuxException;
import java.util.concurrent.atomic.AtomicBoolean;

/// The owner of a file descriptor: closes it once, and refuses to give its number afterwards.
public final class Fd implements AutoCloseable {
  private final LinuxCalls calls;
  private final int number;
  private final String what;
  private final AtomicBoolean closed = new AtomicBoolean();

  /// @param what the thing behind the descriptor, for error messages
  public Fd(LinuxCalls calls, int number, String what) {
    this.calls = calls;
    this.number = number;
    this.what = what;
  }

  /// The descriptor's number.
  ///
  /// @throws IllegalStateException after [#close]
  public int number() {
    if (closed.get()) {
      throw new IllegalStateException(what + " is closed");
    }
    return number;
  }

  /// Closes the descriptor; further calls do nothing.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        calls.close(number);
      } catch (LinuxException e) {
        // Linux has closed the descriptor anyway. close(2) could report a delayed write error, but
        // none of our descriptors has delayed writes.
        throw new AssertionError("close of " + what + " failed", e);
      }
    }
  }
}
