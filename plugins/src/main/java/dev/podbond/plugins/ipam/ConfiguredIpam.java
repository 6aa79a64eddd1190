package dev.podbond.plugins.ipam;

import dev.podbond.bonding.config.IpamType;
import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.plugins.node.NodeEnvironment;
import java.util.Optional;

/// The IPAM plugin of a configuration. A type that is known not to be an IPAM plugin is never
/// called, whatever the verb, because it would do its own work instead. This applies above all to
/// this plugin: it would call itself, or wait for the attachment that is calling it.
public final class ConfiguredIpam {
  private ConfiguredIpam() {}

  /// The plugin to be asked; empty if no addresses are asked for.
  ///
  /// @throws CniException with code 7 if it is not an IPAM plugin, with code 6 if its type is not
  ///   text
  public static Optional<Ipam> asked(NetworkConfig config, PluginExec exec) throws CniException {
    Optional<Ipam> ipam = Ipam.of(config, exec);
    if (ipam.isPresent() && isNone(ipam.get(), config)) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG,
          "ipam.type is \""
              + ipam.get().type()
              + "\": it must be an IPAM plugin, such as host-local or static");
    }
    return ipam;
  }

  /// The plugin that has addresses to take back; empty also if the type is not an IPAM plugin,
  /// since no ADD can have got an address from it.
  ///
  /// @throws CniException with code 6 if its type is not text
  public static Optional<Ipam> releasing(NetworkConfig config, NodeEnvironment node)
      throws CniException {
    Optional<Ipam> ipam = Ipam.of(config, node.ipam());
    if (ipam.isPresent() && isNone(ipam.get(), config)) {
      node.warn(
          "no address is released: ipam.type is \""
              + ipam.get().type()
              + "\", which is not an IPAM plugin");
      return Optional.empty();
    }
    return ipam;
  }

  /// Besides its known types, this plugin also recognises the type in the configuration that it was
  /// called with.
  private static boolean isNone(Ipam ipam, NetworkConfig config) throws CniException {
    return IpamType.refusal(ipam.type()).isPresent()
        || config.type().equals(Optional.of(ipam.type()));
  }
}
