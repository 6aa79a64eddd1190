package dev.podbond.ipam;

import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.exec.PluginProcess;
import dev.podbond.cni.spec.CniException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// The real host-local and static: Debian's, or those in the directory that the system property
/// `podbond.ipam.peers` names.
final class Peer {
  private static final Path DIRECTORY =
      Path.of(System.getProperty("podbond.ipam.peers", "/usr/lib/cni"));

  private static final PluginExec EXEC =
      new PluginProcess(Duration.ofMinutes(1), OutputStream.nullOutputStream());

  private Peer() {}

  /// Their directory.
  static String path() {
    for (String type : BuiltInIpam.TYPES) {
      if (!Files.isExecutable(DIRECTORY.resolve(type))) {
        throw new AssertionError(
            DIRECTORY.resolve(type)
                + " is missing: apt-get install containernetworking-plugins, or name the directory of"
                + " these plugins with -Dpodbond.ipam.peers");
      }
    }
    return DIRECTORY.toString();
  }

  static PluginExec exec() {
    return EXEC;
  }

  /// Whether they know version 1.1.0.
  static boolean isNew() {
    try {
      return EXEC.run("host-local", Map.of("CNI_COMMAND", "VERSION", "CNI_PATH", path()), "")
          .contains("1.1.0");
    } catch (CniException e) {
      throw new AssertionError(e);
    }
  }
}
