package dev.podbond.plugins;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/// Goes through what every call of a plugin loads, for the start-up cache that packaging records: a
/// bond is made and taken apart in a namespace of its own, as far as the kernel allows, and a VF
/// asked for that is not there.
final class StartupTraining {
  private StartupTraining() {}

  static void main() throws IOException {
    Path state = Files.createTempDirectory("podbond-training");
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true);
    PluginNode node = practice(state, nowhere);
    try (TrainingPod pod = TrainingPod.open()) {
      for (String verb : List.of("VERSION", "ADD", "CHECK", "DEL")) {
        call(AttachmentPlugin.bond(node), pod, verb, TrainingPod.BOND, nowhere);
        call(AttachmentPlugin.sriov(node), pod, verb, TrainingPod.VF, nowhere);
      }
    }
    try (var files = Files.walk(state)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static PluginNode practice(Path state, PrintStream log) {
    PluginNode here = PluginNode.ofThisMachine(log);
    return new PluginNode(
        state,
        here.sysfs(),
        state.resolve("node.json"),
        state.resolve("sriov-cni"),
        TrainingPod.ipam(),
        log);
  }

  private static void call(
      AttachmentPlugin plugin, TrainingPod pod, String verb, String config, PrintStream nowhere) {
    int _ =
        plugin.serve(
            pod.env(verb),
            new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)),
            nowhere,
            nowhere);
  }
}
