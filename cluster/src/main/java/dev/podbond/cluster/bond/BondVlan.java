package dev.podbond.cluster.bond;

import dev.podbond.json.JsonObject;
import java.util.List;

/// A VLAN on a bond: a network attachment of its own, so that its addresses, its chain and its
/// deletion are its own as well.
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
