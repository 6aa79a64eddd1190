package dev.podbond.netlink.netns;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.linux.Fd;
import dev.podbond.netlink.linux.LinuxCalls;
import dev.podbond.netlink.linux.LinuxConstants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
    Fd fd = new Fd(calls, number, "network namespace " + path);
    try {
      return new Netns(path, fd, identify(path, number));
    } catch (LinuxException | RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  /// Opens the namespace that this process is in.
  public static Netns current() throws LinuxException {
    return of(Path.of("/proc/self/ns/net"));
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
    Identity own = statOf(Path.of("/proc/self/ns/net"));
    // All namespaces are inodes of one file system. Which kind it is, setns(2) checks.
    if (found.device() != own.device()) {
      throw new LinuxException(path + " is no network namespace", Errno.EINVAL);
    }
    return found;
  }

  private static Identity statOf(Path file) {
    try {
      return new Identity(statField(file, "dev"), statField(file, "ino"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot stat " + file + ": is /proc mounted?", e);
    }
  }

  private static long statField(Path file, String name) throws IOException {
    return Files.getAttribute(file, "unix:" + name) instanceof Long value ? value : 0;
  }
}
