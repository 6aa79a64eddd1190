package dev.podbond.cluster.multus;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// One network that a pod's annotation requests.
///
/// @param interfaceName the requested name of the pod's interface; if it is empty, Multus chooses
/// @param ips requested addresses, with or without prefix length
/// @param cniArgs goes to the plugin as `args.cni`
/// @param deviceId a device chosen by the pod's author
/// @param defaultRoute gateways behind this network that replace every other default route of their
///   family in the pod
public record NetworkSelection(
    String namespace,
    String name,
    Optional<String> interfaceName,
    List<String> ips,
    Optional<String> mac,
    Optional<String> infinibandGuid,
    Optional<JsonObject> bandwidth,
    Optional<JsonArray> portMappings,
    Optional<JsonObject> cniArgs,
    Optional<String> deviceId,
    List<InetAddress> defaultRoute) {
  public NetworkSelection {
    ips = List.copyOf(ips);
    defaultRoute = List.copyOf(defaultRoute);
  }

  /// A network by name, with no further requests.
  public static NetworkSelection of(String namespace, String name, Optional<String> interfaceName) {
    return new NetworkSelection(
        namespace,
        name,
        interfaceName,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /// `namespace/name`.
  public String path() {
    return namespace + "/" + name;
  }
}
