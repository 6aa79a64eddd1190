package dev.podbond.cli.runtime;

import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.exec.PluginPath;
import dev.podbond.cni.spec.CniArgs;
import dev.podbond.cni.spec.CniCommand;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniNames;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A container runtime's use of plugins (CNI specification, section 3, "Execution of Network
/// Configurations").
///
/// The caller must follow the specification's rules of order: only one verb for a container at a
/// time, and no GC of a network during an ADD or DEL of it.
public final class CniRuntime {

  private final PluginExec exec;
  private final ResultCache cache;
  private final Map<String, String> baseEnv;

  /// A runtime.
  ///
  /// @param exec runs the plugins
  /// @param cache keeps the results from ADD to DEL
  /// @param pluginPath the directories of the plugins
  /// @param baseEnv the environment that plugins inherit; variables `CNI_*` in it are left out
  public CniRuntime(
      PluginExec exec, ResultCache cache, PluginPath pluginPath, Map<String, String> baseEnv) {
    this.exec = exec;
    this.cache = cache;
    Map<String, String> env = new HashMap<>(baseEnv);
    env.keySet().removeIf(key -> key.startsWith("CNI_"));
    env.put("CNI_PATH", pluginPath.toString());
    this.baseEnv = Map.copyOf(env);
  }

  /// Attaches the container: runs each plugin in order, with the result of one as the `prevResult`
  /// of the next. If one fails, this runs DEL for all before it throws the failure; a failure of
  /// DEL is added as suppressed.
  ///
  /// @return the result of the last plugin
  public CniResult add(NetworkList network, ContainerAttachment attachment) throws CniException {
    requireNames(attachment);
    try {
      Optional<CniResult> previous = Optional.empty();
      for (NetworkConfig plugin : network.plugins()) {
        String answer = run(CniCommand.ADD, network, plugin, attachment, previous);
        previous = Optional.of(CniResult.parse(answer, network.version()));
      }
      CniResult result = previous.orElse(CniResult.EMPTY);
      amend(network, attachment, result);
      return result;
    } catch (CniException e) {
      try {
        del(network, attachment);
      } catch (CniException undone) {
        e.addSuppressed(undone);
      }
      throw e;
    }
  }

  /// Caches the result of an attachment, replacing the cached one: CHECK must also find the
  /// runtime's own changes, such as a default route.
  public void amend(NetworkList network, ContainerAttachment attachment, CniResult result)
      throws CniException {
    cache.put(
        new CachedAttachment(
            network.name(),
            attachment,
            network.json().toString(),
            result.toJson(network.version())));
  }

  /// Detaches the container: runs each plugin in reverse order, until one fails. It ignores an
  /// unreadable cached result, since waiting would not repair it.
  public void del(NetworkList network, ContainerAttachment attachment) throws CniException {
    requireNames(attachment);
    Optional<CniResult> previous =
        network.version().passesPrevResultToDel()
            ? readableResult(network, attachment.id())
            : Optional.empty();
    for (NetworkConfig plugin : network.plugins().reversed()) {
      run(CniCommand.DEL, network, plugin, attachment, previous);
    }
    cache.remove(network.name(), attachment.id());
  }

  /// Verifies the attachment with each plugin in order, unless the network disables it.
  ///
  /// @throws CniException also with code 1 before 0.4.0, and with code 3 if there is no cached
  ///   result
  public void check(NetworkList network, ContainerAttachment attachment) throws CniException {
    requireNames(attachment);
    if (!network.version().allowsCheck()) {
      throw new CniException(
          CniErrorCode.INCOMPATIBLE_VERSION,
          "configuration version \"" + network.version() + "\" does not support CHECK command");
    }
    if (network.disableCheck()) {
      return;
    }
    Optional<CniResult> previous = cachedResult(network, attachment.id());
    if (previous.isEmpty()) {
      throw new CniException(
          CniErrorCode.UNKNOWN_CONTAINER,
          "no cached result of network " + network.name() + " for " + attachment.id());
    }
    for (NetworkConfig plugin : network.plugins()) {
      run(CniCommand.CHECK, network, plugin, attachment, previous);
    }
  }

  private Optional<CniResult> cachedResult(NetworkList network, AttachmentKey id)
      throws CniException {
    Optional<CachedAttachment> cached = cache.get(network.name(), id);
    return cached.isPresent()
        ? Optional.of(CniResult.parse(cached.get().result(), network.version()))
        : Optional.empty();
  }

  private Optional<CniResult> readableResult(NetworkList network, AttachmentKey id) {
    try {
      return cachedResult(network, id);
    } catch (CniException _) {
      return Optional.empty();
    }
  }

  private String run(
      CniCommand command,
      NetworkList network,
      NetworkConfig plugin,
      ContainerAttachment attachment,
      Optional<CniResult> previous)
      throws CniException {
    Map<String, String> env = new HashMap<>(baseEnv);
    env.put("CNI_CONTAINERID", attachment.containerId());
    attachment.netns().ifPresent(netns -> env.put("CNI_NETNS", netns.toString()));
    env.put("CNI_IFNAME", attachment.ifname());
    if (!attachment.args().isEmpty()) {
      env.put("CNI_ARGS", CniArgs.of(attachment.args()).text());
    }
    return run(
        command, env, plugin, PluginInput.forAttachment(network, plugin, attachment, previous));
  }

  private String run(
      CniCommand command, Map<String, String> env, NetworkConfig plugin, JsonObject input)
      throws CniException {
    Map<String, String> withCommand = new HashMap<>(env);
    withCommand.put("CNI_COMMAND", command.name());
    String type = plugin.type().orElse("");
    try {
      return exec.run(type, withCommand, input.toString());
    } catch (CniException e) {
      throw e.inContext("plugin " + type + " " + command);
    }
  }

  private static void requireNames(ContainerAttachment attachment) throws CniException {
    CniNames.requireContainerId(attachment.containerId());
    CniNames.requireInterfaceName(attachment.ifname());
  }
}
