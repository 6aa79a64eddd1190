package dev.podbond.cli.command;

import dev.podbond.cli.diagnose.NodeInspection;
import dev.podbond.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A node with an agent, a state directory and a PCI bus, all of them files of a test, on which
/// commands are run.
final class NodeScene {
  private final Path directory;
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();

  /// @param directory an empty one
  NodeScene(Path directory) {
    this.directory = directory;
  }

  Path state() {
    return directory.resolve("state");
  }

  /// A PF with an interface, and so many VFs at the functions of its next slot. They have the
  /// driver iavf and no interface on the host.
  void pf(String name, String pci, boolean carrier, int vfs) throws IOException {
    Path pf = Files.createDirectories(devices().resolve(pci));
    Path net = Files.createDirectories(pf.resolve("net").resolve(name));
    Files.writeString(net.resolve("ifindex"), "7\n");
    Files.writeString(net.resolve("carrier"), carrier ? "1\n" : "0\n");
    for (int i = 0; i < vfs; i++) {
      String vf = pci.substring(0, 8) + "02." + i;
      Path device = Files.createDirectories(devices().resolve(vf));
      Files.createSymbolicLink(device.resolve("physfn"), Path.of("../" + pci));
      Files.createSymbolicLink(device.resolve("driver"), Path.of("../../drivers/iavf"));
      Files.createSymbolicLink(pf.resolve("virtfn" + i), Path.of("../" + vf));
    }
  }

  private Path devices() {
    return sysfs().resolve("bus/pci/devices");
  }

  private Path sysfs() {
    return directory.resolve("sys");
  }

  /// Runs `podbond` while an agent answers so, and forgets what was printed before.
  int run(JsonObject answer, String... line) throws Exception {
    try (FakeAgent _ = FakeAgent.ofBonds(socket(), new ArrayDeque<>(List.of(answer.toString())))) {
      return runWithout(line);
    } finally {
      // Until its last thread has noticed, a closed one still listens.
      Files.deleteIfExists(socket());
    }
  }

  /// Runs `podbond` while no agent answers.
  int runWithout(String... line) {
    return runIn(Map.of("LANG", "C.UTF-8"), line);
  }

  /// As [#runWithout] with a locale.
  int runIn(Map<String, String> locale, String... line) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Map<String, String> env = new HashMap<>(locale);
    env.put("PODBOND_SOCKET", socket().toString());
    Console console = new Console(new PrintWriter(out, true), new PrintWriter(err, true));
    return new Root(
            console, env, Optional.empty(), new FakeTime(), new NodeInspection(state(), sysfs()))
        .run(line);
  }

  private Path socket() {
    return directory.resolve("agent.sock");
  }
}
