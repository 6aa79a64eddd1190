package dev.podbond.cni.plugin;

import dev.podbond.cni.spec.CniCommand;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.cni.spec.NetworkConfig;
import java.util.Map;

/// A call of STATUS or GC: about a network, not about one container.
///
/// @param command STATUS or GC
/// @param config the configuration from stdin
/// @param version the version of the configuration
/// @param env the whole environment
public record NetworkInvocation(
    CniCommand command, NetworkConfig config, CniVersion version, Map<String, String> env)
    implements CniCall {

  /// Copies the environment.
  public NetworkInvocation {
    env = Map.copyOf(env);
  }
}
