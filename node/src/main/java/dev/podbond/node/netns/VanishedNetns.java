package dev.podbond.node.netns;

import dev.podbond.bonding.net.NetnsId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// Tells whether a pod's network namespace is gone or merely invisible from here: a container sees
/// only those of the node's namespaces that are mounted into it.
public final class VanishedNetns {
  /// The process ids of the node itself (`PROC_PID_INIT_INO` of the kernel's proc_ns.h).
  private static final String NODE_PIDS = "pid:[4026531836]";

  private static final Path PROC = Path.of("/proc");

  private VanishedNetns() {}

  /// Whether the namespace at a path is known to be gone. That is so if the node has rebooted
  /// since, if another namespace is at the path, if no file can have that name, or if the path is
  /// missing although its directory is visible.
  ///
  /// @param id the identity of that namespace
  public static boolean isKnown(String netns, NetnsId id) {
    boolean isOfThisBoot = id.bootId().isEmpty() || id.bootId().equals(NetnsIds.bootId());
    if (!isOfThisBoot || NetnsIds.leadsElsewhere(netns, id)) {
      return true;
    }
    try {
      Path path = Path.of(netns);
      return !path.isAbsolute() || (!Files.exists(path) && isPlaceVisible(path));
    } catch (InvalidPathException _) {
      return true;
    }
  }

  private static boolean isPlaceVisible(Path path) {
    if (path.startsWith(PROC)) {
      return seesAllProcesses();
    }
    Path directory = path.getParent();
    return directory != null && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean seesAllProcesses() {
    try {
      return Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString().equals(NODE_PIDS);
    } catch (IOException _) {
      return false;
    }
  }
}
