package dev.podbond.plugins.warmup;

import dev.podbond.cni.plugin.PluginOutcome;
import dev.podbond.plugins.AttachmentPlugin;
import dev.podbond.plugins.node.NodeEnvironment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/// Loads everything that the calls of a plugin load, for the start-up cache that packaging records.
/// It makes a bond in its own namespace and takes it apart, as far as the kernel allows, and asks
/// for a VF that does not exist.
public final class AotTraining {
  private AotTraining() {}

  /// Makes the calls, and leaves nothing behind.
  public static void main() throws IOException {
    try (WarmUpPod pod = WarmUpPod.open(Files.createTempDirectory("podbond-training"))) {
      NodeEnvironment executing = pod.node();
      NodeEnvironment node =
          executing.forCall(
              executing.builtIn(executing.ipam(), WarmUpPod.host(), _ -> {}), executing.log());
      for (String verb : List.of("VERSION", "ADD", "CHECK", "DEL")) {
        call(AttachmentPlugin.bond(node), pod, verb, pod.bond());
        call(AttachmentPlugin.sriov(node), pod, verb, WarmUpPod.VF);
      }
    }
  }

  private static void call(AttachmentPlugin plugin, WarmUpPod pod, String verb, String config) {
    PluginOutcome _ =
        plugin.serve(
            pod.env(verb), new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)));
  }
}
