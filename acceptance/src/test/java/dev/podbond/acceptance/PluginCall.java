package dev.podbond.acceptance;

import dev.podbond.agent.wire.Call;
import dev.podbond.cni.plugin.PluginOutcome;
import dev.podbond.cni.plugin.PluginRunner;
import dev.podbond.json.JsonObject;
import dev.podbond.netlink.LinuxException;
import dev.podbond.netlink.netns.Netns;
import dev.podbond.plugins.AttachmentPlugin;
import dev.podbond.plugins.node.NodeEnvironment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Calls of a plugin for one attachment: in this process, for speed, but through the executable's
/// entry point.
record PluginCall(
    Node node,
    String plugin,
    String containerId,
    String netns,
    String ifname,
    JsonObject config,
    String args,
    String path) {
  private static final Set<String> CONTAINER_VERBS = Set.of("ADD", "DEL", "CHECK");

  Outcome add() {
    return run("ADD");
  }

  Outcome del() {
    return run("DEL");
  }

  /// CHECK with the result that ADD gave.
  Outcome check(Outcome added) {
    return with("'prevResult': " + added.json()).run("CHECK");
  }

  Outcome status() {
    return run("STATUS");
  }

  /// GC with these valid attachments, such as `{'containerID': 'x', 'ifname': 'net1'}`.
  Outcome gc(String valid) {
    return with("'cni.dev/valid-attachments': [" + valid + "]").run("GC");
  }

  Outcome version() {
    return run("VERSION");
  }

  /// With members of the configuration added or changed.
  PluginCall with(String members) {
    JsonObject changed =
        JsonObject.builder().putAll(config).putAll(Network.members(members)).build();
    return new PluginCall(node, plugin, containerId, netns, ifname, changed, args, path);
  }

  PluginCall without(String key) {
    return new PluginCall(
        node, plugin, containerId, netns, ifname, config.without(key), args, path);
  }

  PluginCall withIfname(String other) {
    return new PluginCall(node, plugin, containerId, netns, other, config, args, path);
  }

  PluginCall withNetns(String other) {
    return new PluginCall(node, plugin, containerId, other, ifname, config, args, path);
  }

  PluginCall withArgs(String other) {
    return new PluginCall(node, plugin, containerId, netns, ifname, config, other, path);
  }

  /// The same call on another node.
  PluginCall on(Node other) {
    return new PluginCall(other, plugin, containerId, netns, ifname, config, args, path);
  }

  /// With another CNI_PATH.
  PluginCall withPath(Path other) {
    return new PluginCall(node, plugin, containerId, netns, ifname, config, args, other.toString());
  }

  Outcome run(String command) {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    NodeEnvironment place = node.forPlugins(new PrintStream(log, true, StandardCharsets.UTF_8));
    AttachmentPlugin served =
        plugin.equals("bond") ? AttachmentPlugin.bond(place) : AttachmentPlugin.sriov(place);
    PluginOutcome outcome =
        new PluginRunner(served, PluginCall::isOwn)
            .run(
                environment(command),
                new ByteArrayInputStream(config.toString().getBytes(StandardCharsets.UTF_8)));
    return new Outcome(
        outcome.exitCode(),
        outcome.stdout(),
        log.toString(StandardCharsets.UTF_8) + outcome.stderr());
  }

  /// The input of the shim with this name.
  Call request(String command) {
    return new Call(plugin, environment(command), config.toString());
  }

  /// As a runtime sets it: calls for the whole node name no container.
  Map<String, String> environment(String command) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CNI_COMMAND", command);
    environment.put("CNI_PATH", path);
    environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    if (CONTAINER_VERBS.contains(command)) {
      environment.put("CNI_CONTAINERID", containerId);
      environment.put("CNI_NETNS", netns);
      environment.put("CNI_IFNAME", ifname);
      environment.put("CNI_ARGS", args);
    }
    return environment;
  }

  private static boolean isOwn(Path path) {
    try (Netns own = Netns.current();
        Netns other = Netns.of(path)) {
      return own.isSameAs(other);
    } catch (LinuxException _) {
      return false;
    }
  }
}
