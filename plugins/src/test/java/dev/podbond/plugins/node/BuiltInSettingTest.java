package dev.podbond.plugins.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podbond.cni.exec.PluginExec;
import dev.podbond.plugins.warmup.WarmUpPod;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The settings of the node and of the cluster about built-in IPAM.
final class BuiltInSettingTest {
  @TempDir Path scratch;

  private final List<String> log = new ArrayList<>();

  private String way() throws Exception {
    NodeEnvironment node =
        new NodeEnvironment(
            scratch.resolve("state"),
            scratch,
            scratch.resolve("podbond/node.json"),
            scratch.resolve("sriov-cni"),
            (_, _, _) -> "executed",
            new PrintStream(OutputStream.nullOutputStream()));
    PluginExec ipam = node.builtIn(node.ipam(), WarmUpPod.host(), log::add);
    return ipam.run(
        "static",
        Map.of(
            "CNI_COMMAND", "ADD",
            "CNI_CONTAINERID", "pod",
            "CNI_IFNAME", "net1",
            "CNI_NETNS", "/run/netns/pod"),
        """
        {"cniVersion": "1.0.0", "name": "net",
         "ipam": {"type": "static", "addresses": [{"address": "10.1.0.2/24"}]}}
        """);
  }

  private void settings(String directory, String text) throws Exception {
    Files.createDirectories(scratch.resolve(directory));
    Files.writeString(scratch.resolve(directory).resolve("node.json"), text);
  }

  @Test
  void itIsOnUnlessOneOfBothSaysOtherwise() throws Exception {
    assertThat(way()).contains("10.1.0.2/24");
    settings("podbond", "{\"builtInIpam\": true}");
    assertThat(way()).contains("10.1.0.2/24");
    settings("podbond-cluster", "{\"builtInIpam\": false}");
    assertThat(way()).isEqualTo("executed");
    settings("podbond-cluster", "{}");
    settings("podbond", "{\"builtInIpam\": false}");
    assertThat(way()).isEqualTo("executed");
    assertThat(log.getLast())
        .isEqualTo(
            "IPAM static ADD is executed, because builtInIpam is false in this node's settings");
  }

  /// An intended limit is not skipped because it is misspelled.
  @Test
  void settingsThatCannotBeReadForbidIt() throws Exception {
    settings("podbond", "{\"builtInIpam\": \"no\"}");
    assertThat(way()).isEqualTo("executed");
    settings("podbond", "nonsense");
    assertThat(way()).isEqualTo("executed");
  }
}
