package dev.podbond.netlink.netns;

import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.linux.Fd;
import dev.podbond.netlink.linux.LinuxCalls;
import dev.podbond.netlink.linux.LinuxConstants;
import dev.podbond.netlink.linux.NetnsThread;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Settings under `/proc/sys/net`. Each network namespace has its own.
///
/// The namespace in which we open the file decides whose setting it is. The open file can then be
/// read and written from any namespace.
public final class Sysctl {
  /// In a container `/proc/sys` is read-only; our containers mount the node's `/proc/sys/net` here.
  private static final Path IN_CONTAINER = Path.of("/host/proc/sys/net");

  private static final Path ROOT =
      Files.isDirectory(IN_CONTAINER) ? IN_CONTAINER : Path.of("/proc/sys/net");
  private static final int MAX_LENGTH = 4096;

  private Sysctl() {}

  /// Writes a setting.
  ///
  /// @param name the path below `/proc/sys/net`, such as `ipv6/conf/bond0/accept_dad`
  /// @throws LinuxException `ENOENT` if the namespace has no such setting, `EINVAL` if the kernel
  ///   refuses the value
  public static void write(Netns netns, String name, String value) throws LinuxException {
    LinuxCalls calls = LinuxCalls.system();
    try (Fd file = open(netns, name, LinuxConstants.O_WRONLY)) {
      calls.write(file.number(), value.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /// Reads a setting, without the newline at its end.
  ///
  /// @param name the path below `/proc/sys/net`
  /// @throws LinuxException `ENOENT` if the namespace has no such setting
  public static String read(Netns netns, String name) throws LinuxException {
    LinuxCalls calls = LinuxCalls.system();
    try (Fd file = open(netns, name, LinuxConstants.O_RDONLY)) {
      byte[] bytes = new byte[MAX_LENGTH];
      int length = calls.read(file.number(), bytes);
      return new String(bytes, 0, length, StandardCharsets.US_ASCII).strip();
    }
  }

  private static Fd open(Netns netns, String name, int flags) throws LinuxException {
    Path file = ROOT.resolve(name).normalize();
    if (!file.startsWith(ROOT) || file.equals(ROOT)) {
      throw new IllegalArgumentException("not a setting below " + ROOT + ": " + name);
    }
    int fd = NetnsThread.system().inside(netns.fd(), calls -> calls.open(file.toString(), flags));
    return new Fd(LinuxCalls.system(), fd, file + " in " + netns);
  }
}
