package dev.podbond.cli.multus;

import dev.podbond.cluster.multus.NetworkSelection;
import dev.podbond.cluster.multus.SelectionException;
import dev.podbond.cluster.object.NetworkAttachment;
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
    for (JsonObject plugin : plugins(config)) {
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

  private static Delegate delegate(PodIdentity pod, Resolved network, String ifname) {
    NetworkSelection selection = network.selection();
    JsonObject config =
        network
            .device()
            .map(pci -> withDevice(network.attachment().config(), pci))
            .orElse(network.attachment().config());
    return new Delegate(
        network.attachment().key().path(),
        ifname,
        selection.interfaceName().isPresent() ? config : withNameOfLast(config),
        network.device(),
        args(pod, selection),
        capabilityArgs(network),
        selection.cniArgs().map(args -> JsonObject.of("cni", args)).orElse(JsonObject.of()));
  }

  /// Adds what Multus does not write to stdin but only to its own files: no plugin follows a bond,
  /// so the bond can have the name from its configuration.
  private static JsonObject withNameOfLast(JsonObject config) {
    if (config.find("type").isPresent()
        || !(config.find("plugins").orElse(config) instanceof JsonArray plugins)) {
      return withIfnameFirst(config);
    }
    List<JsonValue> changed = new ArrayList<>(plugins.elements());
    if (!changed.isEmpty() && changed.getLast() instanceof JsonObject last) {
      changed.set(changed.size() - 1, withIfnameFirst(last));
    }
    return config.withoutAny("plugins").with("plugins", new JsonArray(changed));
  }

  private static JsonObject withIfnameFirst(JsonObject plugin) {
    return plugin.find("type").equals(Optional.of(new JsonString("bond")))
            && plugin.find("ifname").isPresent()
            && plugin.find("ifnameFirst").isEmpty()
        ? plugin.with("ifnameFirst", JsonBoolean.TRUE)
        : plugin;
  }

  /// Adds the device id with both of its keys, to the plugin or to every plugin of a list.
  private static JsonObject withDevice(JsonObject config, PciAddress pci) {
    if (config.find("type").isPresent()
        || !(config.find("plugins").orElse(config) instanceof JsonArray plugins)) {
      return withDeviceKeys(config, pci);
    }
    List<JsonValue> changed = new ArrayList<>();
    for (JsonValue plugin : plugins.elements()) {
      changed.add(plugin instanceof JsonObject object ? withDeviceKeys(object, pci) : plugin);
    }
    return config.withoutAny("plugins").with("plugins", new JsonArray(changed));
  }

  private static JsonObject withDeviceKeys(JsonObject plugin, PciAddress pci) {
    JsonString text = new JsonString(pci.toString());
    return plugin
        .withoutAny("deviceID")
        .withoutAny("pciBusID")
        .with("deviceID", text)
        .with("pciBusID", text);
  }

  private static Map<String, String> args(PodIdentity pod, NetworkSelection selection) {
    Map<String, String> args = new LinkedHashMap<>();
    args.put("IgnoreUnknown", "true");
    args.put("K8S_POD_NAMESPACE", pod.namespace());
    args.put("K8S_POD_NAME", pod.name());
    args.put("K8S_POD_INFRA_CONTAINER_ID", pod.containerId());
    args.put("K8S_POD_UID", pod.uid());
    selection.mac().ifPresent(mac -> args.put("MAC", mac));
    if (!selection.ips().isEmpty()) {
      args.put("IP", String.join(",", selection.ips()));
    }
    return args;
  }

  private static JsonObject capabilityArgs(Resolved network) {
    NetworkSelection selection = network.selection();
    Optional<String> deviceId = network.device().map(PciAddress::toString).or(selection::deviceId);
    return JsonObject.builder()
        .putIfPresent("portMappings", selection.portMappings())
        .putIfPresent("bandwidth", selection.bandwidth())
        .putIfPresent(
            "ips", Optional.of(selection.ips()).filter(ips -> !ips.isEmpty()), JsonArray::ofStrings)
        .putIfPresent("mac", selection.mac(), JsonString::new)
        .putIfPresent("infinibandGUID", selection.infinibandGuid(), JsonString::new)
        .putIfPresent("deviceID", deviceId, JsonString::new)
        .build();
  }

  private static List<JsonObject> plugins(JsonObject config) {
    List<JsonObject> plugins = new ArrayList<>();
    plugins.add(config);
    if (config.find("plugins").orElse(config) instanceof JsonArray array) {
      for (JsonValue plugin : array.elements()) {
        if (plugin instanceof JsonObject object) {
          plugins.add(object);
        }
      }
    }
    return plugins;
  }
}
