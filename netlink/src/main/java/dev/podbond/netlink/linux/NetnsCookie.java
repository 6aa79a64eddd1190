package dev.podbond.netlink.linux;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import java.util.OptionalLong;

/// The number by which the kernel tells network namespaces apart (`SO_NETNS_COOKIE`).
public final class NetnsCookie {
  private NetnsCookie() {}

  /// The cookie of the namespace to which a socket belongs; empty on kernels before 5.14.
  ///
  /// @param socket its descriptor
  /// @throws LinuxException if the kernel refuses
  public static OptionalLong of(LinuxCalls calls, int socket) throws LinuxException {
    try {
      return OptionalLong.of(
          calls.longOption(socket, LinuxConstants.SOL_SOCKET, LinuxConstants.SO_NETNS_COOKIE));
    } catch (LinuxException e) {
      if (e.errno().equals(Errno.ENOPROTOOPT)) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }
}
