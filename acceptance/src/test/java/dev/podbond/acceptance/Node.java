package dev.podbond.acceptance;

import dev.podbond.acceptance.fault.Injector;
import dev.podbond.bonding.change.Kernel;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.exec.PluginLimits;
import dev.podbond.cni.exec.PluginProcess;
import dev.podbond.ipam.BuiltInIpam;
import dev.podbond.ipam.HostView;
import dev.podbond.ipam.files.AddressFiles;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import dev.podbond.plugins.node.NodeEnvironment;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// The node's side of a test: the guest, with the test's own state, settings and IPAM store.
final class Node {
  private static final String IPAM_PLUGINS = "/usr/lib/cni";

  private final Path scratch;
  private final UnaryOperator<NodeEnvironment> surroundings;

  /// Empty if every IPAM plugin is executed.
  private final Optional<AddressFiles> addresses;

  Node(Path scratch) {
    this(scratch, UnaryOperator.identity(), Optional.empty());
  }

  private Node(
      Path scratch, UnaryOperator<NodeEnvironment> surroundings, Optional<AddressFiles> addresses) {
    this.scratch = scratch;
    this.surroundings = surroundings;
    this.addresses = addresses;
  }

  /// The same node, where host-local and static are built in.
  Node withBuiltInIpam() {
    return new Node(scratch, surroundings, Optional.of(AddressFiles.DISK));
  }

  /// The same node with this injector's faults.
  Node with(Injector injector) {
    return new Node(scratch, injector::around, addresses.map(injector::around));
  }

  /// The same node, with its kernel wrapped by this.
  Node withKernel(UnaryOperator<Kernel> between) {
    return new Node(scratch, node -> node.through(node.files(), between, node.ipam()), addresses);
  }

  /// A call for a pod's bond.
  PluginCall bond(Pod pod, String ifname, JsonObject config) {
    return new PluginCall(
        this, "bond", pod.name(), pod.netns().toString(), ifname, config, "", IPAM_PLUGINS);
  }

  /// A call for a pod's VF.
  PluginCall sriov(Pod pod, String ifname, JsonObject config) {
    return new PluginCall(
        this, "sriov", pod.name(), pod.netns().toString(), ifname, config, "", IPAM_PLUGINS);
  }

  /// The member `ipam` for the real host-local with this test's own store.
  String hostLocal(String subnet) {
    return "'ipam': {'type': 'host-local', 'subnet': '%s', 'dataDir': '%s'}"
        .formatted(subnet, ipamStore());
  }

  void allow(String settings) throws IOException {
    Files.writeString(scratch.resolve("node.json"), Network.members(settings).toString());
  }

  /// Writes a pod's networks to a file, as Multus does before its first call for them: the
  /// cluster's own network, then these, named net1, net2, ...
  ///
  /// @param networks the text of each network's configuration
  void knowFromMultus(Pod pod, String... networks) throws IOException {
    Path file = writeDownAsMultus(scratch.resolve("multus"), pod, networks);
    allow("'multusDirectory': '" + file.getParent() + "'");
  }

  static Path writeDownAsMultus(Path directory, Pod pod, String... networks) throws IOException {
    List<JsonValue> delegates = new ArrayList<>();
    delegates.add(delegate("{\"name\": \"cluster\", \"type\": \"ptp\"}"));
    for (String network : networks) {
      delegates.add(delegate(network));
    }
    return Files.writeString(
        Files.createDirectories(directory).resolve(pod.name()),
        new JsonArray(delegates).toString());
  }

  private static JsonObject delegate(String network) {
    return JsonObject.builder()
        .put("Conf", JsonObject.of())
        .put("Bytes", Base64.getEncoder().encodeToString(network.getBytes(StandardCharsets.UTF_8)))
        .build();
  }

  NodeEnvironment forPlugins(PrintStream log) {
    return surroundings.apply(
        new NodeEnvironment(
            stateDirectory(),
            Path.of("/sys"),
            scratch.resolve("node.json"),
            scratch.resolve("sriov-cni"),
            ipam(new PluginProcess(PluginLimits.IPAM, log)),
            log));
  }

  private PluginExec ipam(PluginExec executed) {
    return addresses
        .<PluginExec>map(files ->
            new BuiltInIpam(
                executed, HostView.OWN, files, PluginLimits.IPAM, Optional::empty, _ -> {}))
        .orElse(executed);
  }

  Path stateDirectory() {
    return scratch.resolve("state");
  }

  Path ipamStore() {
    return scratch.resolve("ipam");
  }

  /// A directory for the test's own IPAM plugins.
  Path plugins() throws IOException {
    return Files.createDirectories(scratch.resolve("plugins"));
  }

  /// Puts a shell script there.
  void addPlugin(String name, String script) throws IOException {
    Path file = plugins().resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// Addresses that host-local has given away.
  List<String> reservations() throws IOException {
    return files(ipamStore()).keySet().stream().map(name -> name.replaceAll(".*/", "")).toList();
  }

  /// Records and claims.
  SortedMap<String, String> state() throws IOException {
    return files(stateDirectory());
  }

  /// The stored files, without locks and without host-local's last address. Not all of them are
  /// text: a pending deletion is a frame of the shim's.
  private static SortedMap<String, String> files(Path root) throws IOException {
    SortedMap<String, String> contents = new TreeMap<>();
    for (Path file : StoredFiles.below(root)) {
      String name = root.relativize(file).toString();
      if (!name.endsWith("lock") && !name.contains("last_reserved_ip")) {
        try {
          contents.put(name, Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException _) {
          // A working agent has deleted it meanwhile.
        }
      }
    }
    return contents;
  }

  /// Makes host-local start anew, so that the same attachment gets the same address again.
  void forgetLastAddresses() throws IOException {
    for (Path file : StoredFiles.below(ipamStore())) {
      if (file.getFileName().toString().startsWith("last_reserved_ip")) {
        Files.delete(file);
      }
    }
  }

  /// The host and the state, where there is no pod.
  Snapshot snapshot() throws IOException {
    return Snapshot.of(this);
  }

  /// Everything that a failed call must leave as it was.
  Snapshot snapshot(Pod pod) throws IOException {
    return Snapshot.of(this, pod);
  }
}
