package dev.podbond.netlink;

import java.io.IOException;
import java.io.Serial;

/// A system call failed.
public final class LinuxException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final int errno;

  /// @param call the system call, with the arguments that matter, such as `open(/run/netns/blue)`
  /// @param errno the kernel's answer
  public LinuxException(String call, Errno errno) {
    super(call + ": " + errno);
    this.errno = errno.number();
  }

  /// The kernel's answer.
  public Errno errno() {
    return new Errno(errno);
  }
}
