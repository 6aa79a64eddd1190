package dev.podbond.cni.plugin;

import dev.podbond.cni.spec.CniCommand;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.cni.spec.NetworkConfig;
import java.util.Map;

/// A checked call of a plugin: an [Invocation] about one attachment, or a [NetworkInvocation] about
/// a whole network.
public sealed interface CniCall permits Invocation, NetworkInvocation {

  /// The verb.
  CniCommand command();

  /// The configuration from stdin.
  NetworkConfig config();

  /// The version of the configuration, which the plugin supports.
  CniVersion version();

  /// The whole environment of the call; delegates get it too.
  Map<String, String> env();
}
