package dev.podbond.plugins;

import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.NetworkConfig;
import java.util.Optional;
import java.util.Set;

/// The IPAM plugin of a configuration, which is never this plugin itself, whatever the verb: it
/// would ask itself in turn, or wait for the very attachment that asks.
final class Delegate {
  /// Its usual names; a node may have it under further ones.
  private static final Set<String> OWN_TYPES = Set.of("bond", "sriov", "podbond");

  private Delegate() {}

  /// The plugin to be asked; empty if no addresses are asked for.
  ///
  /// @throws CniException with code 7 if it is this plugin, with code 6 if its type is no text
  static Optional<Ipam> asked(NetworkConfig config, PluginExec exec) throws CniException {
    Optional<Ipam> ipam = Ipam.of(config, exec);
    if (ipam.isPresent() && isThisPlugin(ipam.get(), config)) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG,
          "ipam.type is \""
              + ipam.get().type()
              + "\": it must be an IPAM plugin, as host-local or static");
    }
    return ipam;
  }

  /// The plugin that has addresses to take back; empty also if it is this plugin, which no ADD has
  /// ever got one from.
  ///
  /// @throws CniException with code 6 if its type is no text
  static Optional<Ipam> releasing(NetworkConfig config, PluginNode node) throws CniException {
    Optional<Ipam> ipam = Ipam.of(config, node.ipam());
    if (ipam.isPresent() && isThisPlugin(ipam.get(), config)) {
      node.warn(
          "no address is released: ipam.type is \"" + ipam.get().type() + "\", no IPAM plugin");
      return Optional.empty();
    }
    return ipam;
  }

  /// By the name in the network it was called, whichever that is.
  private static boolean isThisPlugin(Ipam ipam, NetworkConfig config) throws CniException {
    return OWN_TYPES.contains(ipam.type()) || config.type().equals(Optional.of(ipam.type()));
  }
}
