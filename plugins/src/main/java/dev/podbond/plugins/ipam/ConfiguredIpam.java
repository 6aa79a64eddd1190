package dev.podbond.plugins.ipam;

import dev.podbond.bonding.config.IpamType;
import dev.podbond.cni.exec.Ipam;
import dev.podbond.cni.exec.PluginExec;
import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.plugins.node.NodeEnvironment;
import java.util.Optional;

/// The IPAM plugin of a configuration, which is never one that is known to be none, whatever the
/// verb: such a one would do its own work instead. Least of all is it this plugin itself: it would
/// ask itself in turn, or wait for the very attachment that asks.
public final class ConfiguredIpam {
  private ConfiguredIpam() {}

  /// The plugin to be asked; empty if no addresses are asked for.
  ///
  /// @throws CniException with code 7 if it is no IPAM plugin, with code 6 if its type is no text
  public static Optional<Ipam> asked(NetworkConfig config, PluginExec exec) throws CniException {
    Optional<Ipam> ipam = Ipam.of(config, exec);
    if (ipam.isPresent() && isNone(ipam.get(), config)) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG,
          "ipam.type is \""
              + ipam.get().type()
              + "\": it must be an IPAM plugin, as host-local or static");
    }
    return ipam;
  }

  /// The plugin that has addresses to take back; empty also if it is no IPAM plugin, which no ADD
  /// has ever got one from.
  ///
  /// @throws CniException with code 6 if its type is no text
  public static Optional<Ipam> releasing(NetworkConfig config, NodeEnvironment node)
      throws CniException {
    Optional<Ipam> ipam = Ipam.of(config, node.ipam());
    if (ipam.isPresent() && isNone(ipam.get(), config)) {
      node.warn(
          "no address is released: ipam.type is \"" + ipam.get().type() + "\", no IPAM plugin");
      return Optional.empty();
    }
    return ipam;
  }

  /// This plugin is known also by the name in the network that it was called by, whichever that is.
  private static boolean isNone(Ipam ipam, NetworkConfig config) throws CniException {
    return IpamType.refusal(ipam.type()).isPresent()
        || config.type().equals(Optional.of(ipam.type()));
  }
}
