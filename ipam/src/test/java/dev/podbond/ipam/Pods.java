package dev.podbond.ipam;

import dev.podbond.cni.exec.PluginLimits;
import dev.podbond.cni.spec.CniException;
import dev.podbond.ipam.files.AddressFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Attachments of one network whose store is in a directory of a test.
///
/// @param dataDir the directories of all networks
/// @param subnet of the one range
record Pods(Path dataDir, String subnet) {
  static final String NETWORK = "net";

  Path store() {
    return dataDir.resolve(NETWORK);
  }

  String config() {
    return "{\"cniVersion\":\"1.0.0\",\"name\":\"%s\",\"ipam\":{\"type\":\"host-local\",\"dataDir\":\"%s\",\"subnet\":\"%s\"}}"
        .formatted(NETWORK, dataDir, subnet);
  }

  static Map<String, String> env(String verb, String container) {
    return Map.of(
        "CNI_COMMAND",
        verb,
        "CNI_CONTAINERID",
        container,
        "CNI_IFNAME",
        "net1",
        "CNI_NETNS",
        "/proc/self/ns/net",
        "CNI_NETNS_OVERRIDE",
        "1",
        "CNI_PATH",
        Peer.path());
  }

  /// Ours, which fails where the real plugin would be executed.
  static BuiltInIpam ours(AddressFiles files, Duration patience) {
    return new BuiltInIpam(
        (type, _, _) -> {
          throw new AssertionError(type + " was executed");
        },
        HostView.OWN,
        files,
        PluginLimits.always(patience),
        Optional::empty,
        _ -> {});
  }

  static BuiltInIpam ours() {
    return ours(AddressFiles.DISK, Duration.ofMinutes(1));
  }

  String with(dev.podbond.cni.exec.PluginExec exec, String verb, String container)
      throws CniException {
    return exec.run("host-local", env(verb, container), config());
  }
}
