package dev.podbond.ipam;

import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.exec.PluginLimits;
import dev.podbond.cni.spec.CniCommand;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniNames;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.ipam.config.NetworkMembers;
import dev.podbond.ipam.config.UnfamiliarException;
import dev.podbond.ipam.files.AddressFiles;
import dev.podbond.ipam.fixed.FixedConfig;
import dev.podbond.ipam.hostlocal.HostLocal;
import dev.podbond.ipam.hostlocal.HostLocalConfig;
import dev.podbond.json.JsonObject;
import dev.podbond.value.AttachmentKey;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Carries `host-local` and `static` out in this process, where that gives what their executables
/// would have given: the same answers, the same files. Everything else is executed.
public final class BuiltInIpam implements PluginExec {
  private static final String HOST_LOCAL = "host-local";
  private static final String STATIC = "static";

  /// The plugins that are built in.
  public static final Set<String> TYPES = Set.of(HOST_LOCAL, STATIC);

  private final PluginExec executed;
  private final HostView host;
  private final AddressFiles files;
  private final PluginLimits limits;
  private final Supplier<Optional<String>> refusal;
  private final Consumer<String> log;

  /// Plugins of a host.
  ///
  /// @param executed runs what is not carried out here
  /// @param host where that would run
  /// @param files all changes of host-local's files go through here
  /// @param limits how long a call may wait for host-local's lock
  /// @param refusal why nothing may be carried out here now; empty if it may
  /// @param log gets a sentence about which way each call took
  public BuiltInIpam(
      PluginExec executed,
      HostView host,
      AddressFiles files,
      PluginLimits limits,
      Supplier<Optional<String>> refusal,
      Consumer<String> log) {
    this.executed = executed;
    this.host = host;
    this.files = files;
    this.limits = limits;
    this.refusal = refusal;
    this.log = log;
  }

  @Override
  public String run(String type, Map<String, String> env, String stdin) throws CniException {
    if (!TYPES.contains(type)) {
      return executed.run(type, env, stdin);
    }
    String call = "IPAM " + type + " " + env.getOrDefault("CNI_COMMAND", "");
    String output;
    try {
      output = here(type, env, stdin);
    } catch (UnfamiliarException e) {
      log.accept(call + " is executed, because " + e.reason());
      return executed.run(type, env, stdin);
    }
    log.accept(call + " was carried out by Podbond itself");
    return output;
  }

  /// Why calls with this configuration are executed; empty if they are carried out here on a host
  /// that has the plugin and whose files we see.
  ///
  /// @param config with `ipam.type` of one of [#TYPES]
  public static Optional<String> whyExecuted(String type, JsonObject config, String envArgs) {
    try {
      if (type.equals(HOST_LOCAL)) {
        HostLocalConfig.of(config, envArgs);
      } else if (type.equals(STATIC)) {
        FixedConfig.of(config, envArgs);
      } else {
        return Optional.of("only host-local and static are built in");
      }
      return Optional.empty();
    } catch (UnfamiliarException e) {
      return Optional.of(e.reason());
    }
  }

  private String here(String type, Map<String, String> env, String stdin)
      throws CniException, UnfamiliarException {
    Optional<String> refused = refusal.get();
    if (refused.isPresent()) {
      throw new UnfamiliarException(refused.get());
    }
    if (!host.hasPlugin(type, env)) {
      throw new UnfamiliarException("it is not known to be in CNI_PATH");
    }
    NetworkConfig config = parsed(stdin);
    CniCommand command =
        CniCommand.of(env.getOrDefault("CNI_COMMAND", ""))
            .orElseThrow(() -> new UnfamiliarException("the verb is unknown"));
    requireVersion(command, NetworkMembers.of(config.json()).version());
    return switch (command) {
      case ADD, DEL, CHECK -> attachment(type, command, env, config);
      // Both plugins know these verbs and do nothing.
      case GC, STATUS -> "";
      case VERSION -> throw new UnfamiliarException("it is asked for its versions");
    };
  }

  private static NetworkConfig parsed(String stdin) throws UnfamiliarException {
    try {
      return NetworkConfig.parse(stdin);
    } catch (CniException e) {
      throw new UnfamiliarException(e.getMessage());
    }
  }

  private static void requireVersion(CniCommand command, CniVersion version)
      throws UnfamiliarException {
    boolean allowed =
        switch (command) {
          case CHECK -> version.allowsCheck();
          case GC, STATUS -> version.allowsGcAndStatus();
          case ADD, DEL, VERSION -> true;
        };
    if (!allowed) {
      throw new UnfamiliarException("version " + version + " has no " + command);
    }
  }

  private String attachment(
      String type, CniCommand command, Map<String, String> env, NetworkConfig config)
      throws CniException, UnfamiliarException {
    AttachmentKey key = key(env);
    if (command != CniCommand.DEL && env.getOrDefault("CNI_NETNS", "").isEmpty()) {
      throw new UnfamiliarException("CNI_NETNS is missing");
    }
    String envArgs = env.getOrDefault("CNI_ARGS", "");
    return type.equals(HOST_LOCAL)
        ? hostLocal(command, HostLocalConfig.of(config.json(), envArgs), key, env)
        : fixed(command, config, envArgs, key);
  }

  private static AttachmentKey key(Map<String, String> env) throws UnfamiliarException {
    AttachmentKey key =
        new AttachmentKey(
            env.getOrDefault("CNI_CONTAINERID", ""), env.getOrDefault("CNI_IFNAME", ""));
    try {
      CniNames.requireContainerId(key.containerId());
      CniNames.requireInterfaceName(key.ifname());
    } catch (CniException e) {
      throw new UnfamiliarException(e.getMessage());
    }
    return key;
  }

  private String hostLocal(
      CniCommand command, HostLocalConfig config, AttachmentKey key, Map<String, String> env)
      throws CniException, UnfamiliarException {
    if (!host.shares(config.dataDir())) {
      throw new UnfamiliarException(
          config.dataDir() + " is not known to be the host's directory of this name");
    }
    HostLocal plugin = new HostLocal(files, limits.of(env));
    return switch (command) {
      case ADD -> plugin.add(config, key).toJson(config.version()).toString();
      case DEL -> {
        plugin.del(config, key);
        yield "";
      }
      case CHECK -> {
        plugin.check(config, key);
        yield "";
      }
      case GC, STATUS, VERSION -> throw new AssertionError(command);
    };
  }

  private static String fixed(
      CniCommand command, NetworkConfig config, String envArgs, AttachmentKey key)
      throws CniException, UnfamiliarException {
    if (command == CniCommand.DEL) {
      return "";
    }
    FixedConfig fixed = FixedConfig.of(config.json(), envArgs);
    if (command == CniCommand.ADD) {
      return fixed.result().toJson(fixed.version()).toString();
    }
    Optional<String> problem = fixed.check(config, key.ifname());
    if (problem.isPresent()) {
      throw new CniException(CniErrorCode.INTERNAL, problem.get());
    }
    return "";
  }
}
