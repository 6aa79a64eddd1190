package dev.podbond.plugins.warmup;

import dev.podbond.cni.plugin.PluginOutcome;
import dev.podbond.plugins.AttachmentPlugin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/// Goes through what every call of a plugin loads, for the start-up cache that packaging records: a
/// bond is made and taken apart in a namespace of its own, as far as the kernel allows, and a VF
/// asked for that is not there.
final class AotTraining {
  private AotTraining() {}

  static void main() throws IOException {
    try (WarmUpPod pod = WarmUpPod.open(Files.createTempDirectory("podbond-training"))) {
      for (String verb : List.of("VERSION", "ADD", "CHECK", "DEL")) {
        call(AttachmentPlugin.bond(pod.node()), pod, verb, WarmUpPod.BOND);
        call(AttachmentPlugin.sriov(pod.node()), pod, verb, WarmUpPod.VF);
      }
    }
  }

  private static void call(AttachmentPlugin plugin, WarmUpPod pod, String verb, String config) {
    PluginOutcome _ =
        plugin.serve(
            pod.env(verb), new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)));
  }
}
