package dev.podbond.plugins;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Goes through what every call loads, for the start-up cache that packaging records: parsing,
/// locks, records, netlink sockets, errors. It attaches nothing: its calls end where a namespace or
/// a link is missing.
public final class StartupTraining {
  private static final String BOND =
      """
      {"cniVersion": "1.0.0", "name": "training", "type": "bond", "mode": "active-backup",
       "failOverMac": 1, "miimon": "100", "linksInContainer": true,
       "links": [{"name": "training1"}, {"name": "training2"}],
       "ipam": {"type": "none", "subnet": "192.0.2.0/24"}}
      """;

  private static final String SRIOV =
      """
      {"cniVersion": "1.0.0", "name": "training", "type": "sriov", "deviceID": "ffff:ff:1f.7",
       "vlan": 0, "vlanQoS": 0, "ipam": {}}
      """;

  private StartupTraining() {}

  static void main() throws IOException {
    run(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /// Goes through everything once.
  ///
  /// @param scratch a directory in which to leave nothing
  public static void run(Path scratch) throws IOException {
    Path state = Files.createTempDirectory(scratch, "training");
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true);
    PluginNode here = PluginNode.ofThisMachine(nowhere);
    PluginNode node =
        new PluginNode(
            state,
            here.sysfs(),
            state.resolve("node.json"),
            state.resolve("sriov-cni"),
            here.ipam(),
            nowhere);
    for (String verb : List.of("VERSION", "ADD", "CHECK", "DEL")) {
      call(AttachmentPlugin.bond(node), verb, BOND, nowhere);
      call(AttachmentPlugin.sriov(node), verb, SRIOV, nowhere);
    }
    try (var files = Files.walk(state)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void call(
      AttachmentPlugin plugin, String verb, String config, PrintStream nowhere) {
    Map<String, String> env =
        Map.of(
            "CNI_COMMAND", verb,
            "CNI_CONTAINERID", "training",
            "CNI_NETNS", "/proc/self/ns/net",
            "CNI_NETNS_OVERRIDE", "1",
            "CNI_IFNAME", "training0",
            "CNI_PATH", "/nowhere");
    int _ =
        plugin.serve(
            env,
            new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)),
            nowhere,
            nowhere);
  }
}
