package dev.podbond.netlink.netns;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.linux.Fd;
import dev.podbond.netlink.linux.LinuxCalls;
import dev.podbond.netlink.linux.LinuxConstants;
import dev.podbond.netlink.linux.NetnsCookie;
import dev.podbond.netlink.linux.NetnsThread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A network namespace held by an open descriptor. It lives at least until this object is closed.
///
/// Several threads may use an instance. If one thread closes it while another opens a socket in it,
/// that opening fails.
public final class Netns implements AutoCloseable {
  /// Identifies a namespace independently of its path: by its inode in the kernel's nsfs.
  ///
  /// @param device `st_dev`
  /// @param inode `st_ino`
  public record Identity(long device, long inode) {
    /// The form of the links in `/proc/*/ns`, such as `net:[4026531840]`.
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
  /// @throws LinuxException `ENOENT` if there is no such file, `EINVAL` if it is not a network
  ///   namespace; a mount point under `/run/netns` becomes such a file after the unmount
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

  /// Makes a namespace without a name. When it is closed, it ends with all links in it. Its path is
  /// that of its descriptor in `/proc`, and is valid while the descriptor is open.
  ///
  /// @throws LinuxException if the kernel refuses, `EPERM` without `CAP_SYS_ADMIN`
  public static Netns create() throws LinuxException {
    int number =
        NetnsThread.system()
            .insideNew(calls -> calls.open("/proc/thread-self/ns/net", LinuxConstants.O_RDONLY));
    Path path = Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + number);
    return adopt(path, new Fd(LinuxCalls.system(), number, "a new network namespace"));
  }

  /// The path given at opening. Meanwhile it may lead to another namespace; [#identity] never
  /// changes.
  public Path path() {
    return path;
  }

  /// The open descriptor, for `IFLA_NET_NS_FD`.
  ///
  /// @throws IllegalStateException after [#close]
  public int fd() {
    return fd.number();
  }

  /// Identifies the namespace.
  public Identity identity() {
    return identity;
  }

  /// A number that no other namespace gets until the node reboots (`SO_NETNS_COOKIE`). The kernel
  /// reuses an [#identity] once its namespace is gone, but never a cookie. Empty on kernels before
  /// 5.14.
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
      return NetnsCookie.of(calls, socket);
    } finally {
      calls.close(socket);
    }
  }

  /// Whether a path leads to the namespace of this process, which never changes.
  public static boolean isOwn(Path path) {
    try {
      return stat(path).equals(Own.IDENTITY);
    } catch (IOException _) {
      return false;
    }
  }

  private static final class Own {
    static final Identity IDENTITY = statOf(Path.of("/proc/self/ns/net"));
  }

  /// Whether both are the same namespace, whatever their paths.
  public boolean isSameAs(Netns other) {
    return identity.equals(other.identity);
  }

  /// Closes the descriptor; further calls do nothing.
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
    // Looks through the descriptor: by now the path may lead elsewhere.
    Identity found = statOf(Path.of("/proc/self/fd/" + fd));
    // All namespaces are inodes of one file system, nsfs. setns(2) checks the kind of namespace.
    if (found.device() != Nsfs.DEVICE) {
      throw new LinuxException(path + " is not a network namespace", Errno.EINVAL);
    }
    return found;
  }

  private static Identity statOf(Path file) {
    try {
      return stat(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot stat " + file + ": is /proc mounted?", e);
    }
  }

  private static Identity stat(Path file) throws IOException {
    Map<String, Object> stat = Files.readAttributes(file, "unix:dev,ino");
    return new Identity(number(stat.get("dev")), number(stat.get("ino")));
  }

  private static long number(@Nullable Object attribute) {
    return attribute instanceof Long value ? value : 0;
  }

  /// The file system of all namespaces. Its device number stays the same while the kernel runs.
  private static final class Nsfs {
    static final long DEVICE = statOf(Path.of("/proc/self/ns/net")).device();
  }
}
