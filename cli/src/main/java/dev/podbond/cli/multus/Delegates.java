package dev.podbond.cli.multus;

import dev.podbond.cluster.multus.NetworkRequests;
import dev.podbond.cluster.multus.NetworkSelection;
import dev.podbond.cluster.multus.SelectionException;
import dev.podbond.cluster.object.NetworkAttachment;
import dev.podbond.cluster.object.NetworkPlugins;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.PciAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Turns selected networks into delegates: names, device ids and arguments, by Multus' rules.
///
/// There is no cluster network here. The numbers of interfaces begin at 1 nevertheless, so that the
/// names are as in a cluster: net1, net2, ...
public final class Delegates {
  private Delegates() {}

  /// A selected network with its attachment.
  ///
  /// @param device the VF allocated to it
  public record Resolved(
      NetworkSelection selection, NetworkAttachment attachment, Optional<PciAddress> device) {}

  /// The delegates in the order in which to attach them.
  ///
  /// @throws SelectionException if two of them would have the same interface name
  public static List<Delegate> of(PodIdentity pod, List<Resolved> networks)
      throws SelectionException {
    List<Delegate> delegates = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < networks.size(); i++) {
      Resolved network = networks.get(i);
      String ifname = network.selection().interfaceName().orElse("net" + (i + 1));
      if (!names.add(ifname)) {
        throw new SelectionException(
            "network "
                + network.selection().path()
                + " is the second one to want the interface name "
                + ifname
                + "; give it another one");
      }
      delegates.add(delegate(pod, network, ifname));
    }
    return List.copyOf(delegates);
  }

  /// The VFs that configurations of type `bond` name in `links` themselves, outside any pool.
  public static Set<PciAddress> namedDevices(JsonObject config) {
    Set<PciAddress> devices = new HashSet<>();
    for (JsonObject plugin : NetworkPlugins.of(config)) {
      if (plugin.find("links").orElse(plugin) instanceof JsonArray links) {
        for (JsonValue link : links.elements()) {
          if (link instanceof JsonObject object
              && object.find("deviceID").orElse(object) instanceof JsonString(String pci)) {
            PciAddress.parse(pci).ifPresent(devices::add);
          }
        }
      }
    }
    return Set.copyOf(devices);
  }

  private static Delegate delegate(PodIdentity pod, Resolved network, String ifname)
      throws SelectionException {
    NetworkRequests requests = network.selection().requests();
    JsonObject config =
        network
            .device()
            .map(pci ->
                NetworkPlugins.changed(
                    network.attachment().config(), (plugin, _) -> withDevice(plugin, pci)))
            .orElse(network.attachment().config());
    return new Delegate(
        network.attachment().key().path(),
        ifname,
        network.selection().interfaceName().isPresent() ? config : withNameOfLast(config),
        network.device(),
        args(pod, requests),
        capabilityArgs(requests, network.device()),
        requests.cniArgs().map(args -> JsonObject.of("cni", args)).orElse(JsonObject.of()));
  }

  /// Adds what Multus does not write to stdin but only to its own files: no plugin follows a bond,
  /// so the bond can have the name from its configuration.
  private static JsonObject withNameOfLast(JsonObject config) {
    return NetworkPlugins.changed(
        config, (plugin, isLast) -> isLast ? withIfnameFirst(plugin) : plugin);
  }

  private static JsonObject withIfnameFirst(JsonObject plugin) {
    return plugin.find("type").equals(Optional.of(new JsonString("bond")))
            && plugin.find("ifname").isPresent()
            && plugin.find("ifnameFirst").isEmpty()
        ? plugin.with("ifnameFirst", JsonBoolean.TRUE)
        : plugin;
  }

  /// Adds the device id with both of its keys.
  private static JsonObject withDevice(JsonObject plugin, PciAddress pci) {
    JsonString text = new JsonString(pci.toString());
    return plugin
        .withoutAny("deviceID")
        .withoutAny("pciBusID")
        .with("deviceID", text)
        .with("pciBusID", text);
  }

  private static Map<String, String> args(PodIdentity pod, NetworkRequests requests) {
    Map<String, String> args = new LinkedHashMap<>();
    args.put("IgnoreUnknown", "true");
    args.put("K8S_POD_NAMESPACE", pod.namespace());
    args.put("K8S_POD_NAME", pod.name());
    args.put("K8S_POD_INFRA_CONTAINER_ID", pod.containerId());
    args.put("K8S_POD_UID", pod.uid());
    requests.mac().ifPresent(mac -> args.put("MAC", mac));
    if (!requests.ips().isEmpty()) {
      args.put("IP", String.join(",", requests.ips()));
    }
    return args;
  }

  private static JsonObject capabilityArgs(NetworkRequests requests, Optional<PciAddress> device) {
    Optional<String> deviceId = device.map(PciAddress::toString).or(requests::deviceId);
    return JsonObject.builder()
        .putIfPresent("portMappings", requests.portMappings())
        .putIfPresent("bandwidth", requests.bandwidth())
        .putIfPresent(
            "ips", Optional.of(requests.ips()).filter(ips -> !ips.isEmpty()), JsonArray::ofStrings)
        .putIfPresent("mac", requests.mac(), JsonString::new)
        .putIfPresent("infinibandGUID", requests.infinibandGuid(), JsonString::new)
        .putIfPresent("deviceID", deviceId, JsonString::new)
        .build();
  }
}
