package dev.podbond.node.netns;

import dev.podbond.bonding.net.NetnsId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// Tells a pod's network namespace that is gone from one that is merely not to be seen from here: a
/// container sees of the node's namespaces what is mounted into it.
public final class VanishedNetns {
  /// The process ids of the node itself (`PROC_PID_INIT_INO` of the kernel's proc_ns.h).
  private static final String NODE_PIDS = "pid:[4026531836]";

  private static final Path PROC = Path.of("/proc");

  private VanishedNetns() {}

  /// Whether the namespace at a path is known to be gone: the node has booted since, another one is
  /// at the path, no file can have that name, or the place where it was can be looked at and it is
  /// not there.
  ///
  /// @param id which namespace it was
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
