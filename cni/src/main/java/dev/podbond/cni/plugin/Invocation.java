package dev.podbond.cni.plugin;

import dev.podbond.cni.spec.CniArgs;
import dev.podbond.cni.spec.CniCommand;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.cni.spec.NetworkConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// A call of ADD, DEL or CHECK, checked as the Go library checks it.
///
/// @param command ADD, DEL or CHECK
/// @param containerId a valid container id
/// @param netns the path of the network namespace; present for ADD and CHECK
/// @param ifname a valid interface name
/// @param args the value of `CNI_ARGS`
/// @param config the configuration from stdin
/// @param version the version of the configuration
/// @param env the whole environment
public record Invocation(
    CniCommand command,
    String containerId,
    Optional<Path> netns,
    String ifname,
    CniArgs args,
    NetworkConfig config,
    CniVersion version,
    Map<String, String> env)
    implements CniCall {

  /// Copies the environment.
  ///
  /// @throws IllegalArgumentException if the verb is about a network, or if it needs a namespace
  ///   and there is none
  public Invocation {
    env = Map.copyOf(env);
    if (!command.concernsAttachment() || (command.needsNetns() && netns.isEmpty())) {
      throw new IllegalArgumentException(command + " with network namespace " + netns);
    }
  }

  /// The network namespace of an ADD or CHECK.
  ///
  /// @throws java.util.NoSuchElementException for a DEL without one
  public Path requiredNetns() {
    return netns.orElseThrow();
  }
}
