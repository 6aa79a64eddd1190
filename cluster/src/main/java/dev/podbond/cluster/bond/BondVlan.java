package dev.podbond.cluster.bond;

import dev.podbond.json.JsonObject;
import java.util.List;

/// A VLAN on a bond. It is a separate network attachment, so it has its own addresses and chain,
/// and can be deleted by itself.
///
/// @param network the name of its network attachment, in the namespace of the BondNetwork
/// @param interfaceName its name in the pod
/// @param config the plugin's configuration
/// @param chain the plugins that run after it
public record BondVlan(
    String network, String interfaceName, JsonObject config, List<JsonObject> chain) {
  public BondVlan {
    chain = List.copyOf(chain);
  }
}
