package dev.podbond.netlink.netns;

import dev.podbond.netlink.Errno;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.linux.LinuxCalls;
import dev.podbond.netlink.linux.LinuxConstants;
import dev.podbond.netlink.linux.NetnsThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Network namespaces with a name. A mount under `/run/netns` keeps each alive, as `ip netns` does
/// it.
///
/// `ip netns` sees those made here, and this class sees those made by `ip netns`. Needs
/// `CAP_SYS_ADMIN`.
public final class NamedNetns {
  /// The directory in which iproute2 keeps them.
  public static final Path DIRECTORY = Path.of("/run/netns");

  private NamedNetns() {}

  /// The path for a name.
  ///
  /// @throws IllegalArgumentException if the name cannot be a file name
  public static Path path(String name) {
    if (name.isEmpty() || name.contains("/") || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException("not a name for a network namespace: \"" + name + "\"");
    }
    return DIRECTORY.resolve(name);
  }

  /// Makes a namespace. Its loopback interface is down, as in every new namespace.
  ///
  /// @return its path
  /// @throws java.nio.file.FileAlreadyExistsException if the name is taken
  /// @throws LinuxException if the kernel refuses, `EPERM` without the privilege
  public static Path create(String name) throws IOException {
    Path path = path(name);
    prepareDirectory();
    Files.createFile(path);
    try {
      NetnsThread.system()
          .insideNew(calls -> {
            String own = "/proc/self/task/" + calls.threadId() + "/ns/net";
            calls.mount(own, path.toString(), "none", LinuxConstants.MS_BIND);
            return path;
          });
    } catch (IOException | RuntimeException e) {
      Files.delete(path);
      throw e;
    }
    return path;
  }

  /// Removes the name. The namespace ends when no process, descriptor or other mount holds it.
  ///
  /// @return whether the name existed
  /// @throws LinuxException if the kernel refuses, `EPERM` without the privilege
  public static boolean delete(String name) throws IOException {
    Path path = path(name);
    try {
      LinuxCalls.system().unmount(path.toString(), LinuxConstants.MNT_DETACH);
    } catch (LinuxException e) {
      // EINVAL: only the file is left, after a crash or a reboot.
      if (!e.errno().equals(Errno.EINVAL) && !e.errno().equals(Errno.ENOENT)) {
        throw e;
      }
    }
    return Files.deleteIfExists(path);
  }

  /// Makes the directory a shared mount. Otherwise a namespace that is unmounted here would live on
  /// in other mount namespaces.
  private static void prepareDirectory() throws IOException {
    Files.createDirectories(
        DIRECTORY,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    LinuxCalls calls = LinuxCalls.system();
    String directory = DIRECTORY.toString();
    long shared = LinuxConstants.MS_SHARED | LinuxConstants.MS_REC;
    try {
      calls.mount("none", directory, "none", shared);
    } catch (LinuxException e) {
      if (!e.errno().equals(Errno.EINVAL)) {
        throw e;
      }
      // Not a mount point yet: make it one.
      calls.mount(directory, directory, "none", LinuxConstants.MS_BIND | LinuxConstants.MS_REC);
      calls.mount("none", directory, "none", shared);
    }
  }
}
