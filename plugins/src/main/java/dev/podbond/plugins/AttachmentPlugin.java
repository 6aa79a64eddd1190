package dev.podbond.plugins;

import dev.podbond.bonding.config.InvalidConfigException;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.plugin.NetworkInvocation;
import dev.podbond.cni.plugin.Plugin;
import dev.podbond.cni.plugin.PluginOutcome;
import dev.podbond.cni.plugin.PluginRunner;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.plugins.attachment.AttachmentSpec;
import dev.podbond.plugins.attachment.SpecReader;
import dev.podbond.plugins.node.CallLog;
import dev.podbond.plugins.node.NodeEnvironment;
import dev.podbond.plugins.session.NodeSession;
import dev.podbond.plugins.session.PodNet;
import dev.podbond.plugins.verb.Add;
import dev.podbond.plugins.verb.Check;
import dev.podbond.plugins.verb.Del;
import dev.podbond.plugins.verb.Gc;
import dev.podbond.plugins.verb.Status;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/// The `bond` and the `sriov` plugin: the same order of steps around different specs.
public final class AttachmentPlugin implements Plugin {
  private final String name;
  private final SpecReader reader;
  private final NodeEnvironment node;

  private AttachmentPlugin(String name, SpecReader reader, NodeEnvironment node) {
    this.name = name;
    this.reader = reader;
    this.node = node;
  }

  /// The plugin that makes a bond.
  public static AttachmentPlugin bond(NodeEnvironment node) {
    return new AttachmentPlugin("bond", SpecReader.BOND, node);
  }

  /// The plugin that attaches one VF.
  public static AttachmentPlugin sriov(NodeEnvironment node) {
    return new AttachmentPlugin("sriov", SpecReader.SRIOV, node);
  }

  /// The plugin that an executable's name selects. A name that contains "sriov" selects the plugin
  /// for single VFs; any other name selects `bond`.
  public static AttachmentPlugin calledAs(String executable, NodeEnvironment node) {
    return executable.contains("sriov") ? sriov(node) : bond(node);
  }

  /// The plugin of a CNI type; empty for a type that is not ours.
  public static Optional<AttachmentPlugin> named(String type, NodeEnvironment node) {
    return SpecReader.of(type).map(reader -> new AttachmentPlugin(type, reader, node));
  }

  /// Serves one call, wherever its environment and stdin come from.
  ///
  /// @param stdin read to its end unless the verb is VERSION
  public PluginOutcome serve(Map<String, String> env, InputStream stdin) {
    return new PluginRunner(this, PodNet::isOwn).run(env, stdin);
  }

  @Override
  public String about() {
    return "Podbond CNI plugin " + name;
  }

  @Override
  public CniResult add(Invocation call) throws CniException {
    NodeEnvironment logging = logging(call.config());
    try (NodeSession session = NodeSession.open(logging, name)) {
      if (readsLogOptions()) {
        CallLog.tellOfLogFile(logging, call.config().json());
      }
      return new Add(session).run(call, spec(call));
    }
  }

  @Override
  public void del(Invocation call) throws CniException {
    try (NodeSession session = NodeSession.open(logging(call.config()), name)) {
      new Del(session).run(call, readable(call));
    }
  }

  @Override
  public void check(Invocation call) throws CniException {
    try (NodeSession session = NodeSession.open(logging(call.config()), name)) {
      new Check(session, reader).run(call);
    }
  }

  @Override
  public void status(NetworkInvocation call) throws CniException {
    new Status(node, name).run(call);
  }

  @Override
  public void gc(NetworkInvocation call) throws CniException {
    try (NodeSession session = NodeSession.open(node, name)) {
      new Gc(session).run(call);
    }
  }

  /// Bonds ignore these options, as bond-cni does.
  private boolean readsLogOptions() {
    return name.equals("sriov");
  }

  private NodeEnvironment logging(NetworkConfig config) {
    return readsLogOptions() ? CallLog.at(node, config.json()) : node;
  }

  private AttachmentSpec spec(Invocation call) throws CniException {
    try {
      return reader.read(call, node.settings());
    } catch (InvalidConfigException e) {
      throw new CniException(CniErrorCode.INVALID_CONFIG, e.getMessage(), e);
    }
  }

  /// What DEL's configuration asks for; empty if it makes no sense. DEL does not depend on it.
  private Optional<AttachmentSpec> readable(Invocation call) {
    if (call.config().equals(NetworkConfig.UNREAD)) {
      return Optional.empty();
    }
    try {
      return Optional.of(spec(call));
    } catch (CniException e) {
      node.warn("DEL goes by its record alone: " + e.getMessage());
      return Optional.empty();
    }
  }
}
