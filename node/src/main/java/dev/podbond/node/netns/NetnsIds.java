package dev.podbond.node.netns;

import dev.podbond.bonding.net.NetnsId;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.netlink.rtnl.Rtnetlink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Asks the kernel which network namespace a path leads to.
public final class NetnsIds {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private NetnsIds() {}

  /// The id of the node's present boot. With it we can tell a deleted network namespace from one
  /// that is merely invisible from here.
  public static String bootId() {
    return Boot.ID;
  }

  /// Read once: no process outlives its boot.
  private static final class Boot {
    static final String ID = read();

    private static String read() {
      try {
        return Files.readString(BOOT_ID).strip();
      } catch (IOException e) {
        throw new UncheckedIOException("every Linux kernel tells its boot_id", e);
      }
    }
  }

  /// The id of an open namespace.
  ///
  /// @throws LinuxException if it cannot be entered
  public static NetnsId of(Netns netns) throws LinuxException {
    return new NetnsId(bootId(), netns.cookie());
  }

  /// The id of a namespace that is open already, without entering it again.
  ///
  /// @throws LinuxException if the kernel refuses
  public static NetnsId of(Rtnetlink access) throws LinuxException {
    return new NetnsId(bootId(), access.cookie());
  }

  /// Whether a path certainly leads to another namespace than before. A path that is missing or
  /// cannot be opened proves nothing.
  ///
  /// @param then the namespace to which it led before
  public static boolean leadsElsewhere(String path, NetnsId then) {
    if (then.bootId().isEmpty() || path.isEmpty()) {
      return false;
    }
    try (Netns now = Netns.of(Path.of(path))) {
      // Another boot means another namespace; that check needs no privilege.
      return !then.bootId().equals(bootId()) || then.differsFrom(of(now));
    } catch (LinuxException | InvalidPathException _) {
      return false;
    }
  }
}
