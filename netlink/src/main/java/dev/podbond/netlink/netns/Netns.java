package dev.podbond.netlink.netns;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.linux.Fd;
import dev.podbond.netlink.linux.LinuxCalls;
import dev.podbond.netlink.linux.LinuxConstants;
import dev.podbond.netlink.linux.NetnsThread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A network namespace held by an open descriptor: it lives at least as long as this object.
///
/// Instances are safe for use by several threads; closing one while another thread opens a socket
/// in it makes that opening fail.
public final class Netns implements AutoCloseable {
  /// Which namespace it is, independent of the path: the inode of the kernel's nsfs.
  ///
  /// @param device `st_dev`
  /// @param inode `st_ino`
  public record Identity(long device, long inode) {
    /// As the links in `/proc/*/ns` show it, such as `net:[4026531840]`.
    @Override
    public String toString() {
      return "net:[" + inode + "]";
    }
  }

  private final Path path;
  private final Fd fd;
  private final Identity identity;

  private Netns(Path path, Fd fd, Identity identity) {
    this.path = path;
    this.fd = fd;
    this.identity = identity;
  }

  /// Opens the namespace behind a path such as `/run/netns/blue` or `/proc/4711/ns/net`.
  ///
  /// @throws LinuxException `ENOENT` if there is no such file, `EINVAL` if it is no network
  ///   namespace, which is what a mount point under `/run/netns` becomes after the unmount
  public static Netns of(Path path) throws LinuxException {
    LinuxCalls calls = LinuxCalls.system();
    int number = calls.open(path.toString(), LinuxConstants.O_RDONLY);
    return adopt(path, new Fd(calls, number, "network namespace " + path));
  }

  private static Netns adopt(Path path, Fd fd) throws LinuxException {
    try {
      return new Netns(path, fd, identify(path, fd.number()));
    } catch (LinuxException | RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  /// Opens the namespace that this process is in.
  public static Netns current() throws LinuxException {
    return of(Path.of("/proc/self/ns/net"));
  }

  /// Makes a namespace that has no name and ends, with all links in it, when it is closed. Its path
  /// is that of the descriptor, which leads there for as long as it is open.
  ///
  /// @throws LinuxException if the kernel refuses, `EPERM` without `CAP_SYS_ADMIN`
  public static Netns create() throws LinuxException {
    int number =
        NetnsThread.system()
            .insideNew(calls -> calls.open("/proc/thread-self/ns/net", LinuxConstants.O_RDONLY));
    Path path = Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + number);
    return adopt(path, new Fd(LinuxCalls.system(), number, "a new network namespace"));
  }

  /// The path given at opening. It may meanwhile lead elsewhere; [#identity] does not.
  public Path path() {
    return path;
  }

  /// The open descriptor, for `IFLA_NET_NS_FD`.
  ///
  /// @throws IllegalStateException after [#close]
  public int fd() {
    return fd.number();
  }

  /// Which namespace it is.
  public Identity identity() {
    return identity;
  }

  /// What no other namespace has until the node boots again (`SO_NETNS_COOKIE`), where [#identity]
  /// is given out anew once the namespace is gone; empty on kernels before 5.14.
  ///
  /// @throws LinuxException if the namespace cannot be entered, `EPERM` without `CAP_SYS_ADMIN`
  public OptionalLong cookie() throws LinuxException {
    return NetnsThread.system().inside(fd.number(), Netns::cookie);
  }

  private static OptionalLong cookie(LinuxCalls calls) throws LinuxException {
    int socket =
        calls.socket(
            LinuxConstants.AF_NETLINK, LinuxConstants.SOCK_RAW, LinuxConstants.NETLINK_ROUTE);
    try {
      return OptionalLong.of(
          calls.longOption(socket, LinuxConstants.SOL_SOCKET, LinuxConstants.SO_NETNS_COOKIE));
    } catch (LinuxException e) {
      if (e.errno().equals(Errno.ENOPROTOOPT)) {
        return OptionalLong.empty();
      }
      throw e;
    } finally {
      calls.close(socket);
    }
  }

  /// Whether both are the same namespace, under whatever paths.
  public boolean isSameAs(Netns other) {
    return identity.equals(other.identity);
  }

  /// Lets go of the namespace; further calls do nothing.
  @Override
  public void close() {
    fd.close();
  }

  /// The path and the identity.
  @Override
  public String toString() {
    return path + " (" + identity + ")";
  }

  private static Identity identify(Path path, int fd) throws LinuxException {
    // Through the descriptor, not the path: the path may lead elsewhere by now.
    Identity found = statOf(Path.of("/proc/self/fd/" + fd));
    // All namespaces are inodes of one file system. Which kind it is, setns(2) checks.
    if (found.device() != Nsfs.DEVICE) {
      throw new LinuxException(path + " is no network namespace", Errno.EINVAL);
    }
    return found;
  }

  private static Identity statOf(Path file) {
    try {
      Map<String, Object> stat = Files.readAttributes(file, "unix:dev,ino");
      return new Identity(number(stat.get("dev")), number(stat.get("ino")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot stat " + file + ": is /proc mounted?", e);
    }
  }

  private static long number(@Nullable Object attribute) {
    return attribute instanceof Long value ? value : 0;
  }

  /// The file system of all namespaces, the same for as long as the kernel runs.
  private static final class Nsfs {
    static final long DEVICE = statOf(Path.of("/proc/self/ns/net")).device();
  }
}
