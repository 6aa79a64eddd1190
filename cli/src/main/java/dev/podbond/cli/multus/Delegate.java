package dev.podbond.cli.multus;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.PciAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One network of a pod, in the form that CNI plugins need.
///
/// @param network the network attachment, as "demo/sriovnet1"
/// @param ifname the interface to make
/// @param config the plugin's configuration, or the list of plugins
/// @param device its VF from a pool
/// @param args the pairs of `CNI_ARGS`, in order
/// @param capabilityArgs `runtimeConfig` for the plugins that declare the capability
/// @param structuredArgs the configuration's `args`
public record Delegate(
    String network,
    String ifname,
    JsonObject config,
    Optional<PciAddress> device,
    Map<String, String> args,
    JsonObject capabilityArgs,
    JsonObject structuredArgs) {
  public Delegate {
    args = Collections.unmodifiableMap(new LinkedHashMap<>(args));
  }

  /// The delegate in the form in which it is stored.
  public JsonObject toJson() {
    JsonObject.Builder pairs = JsonObject.builder();
    args.forEach(pairs::put);
    return JsonObject.builder()
        .put("network", network)
        .put("ifname", ifname)
        .put("config", config)
        .putIfPresent("device", device, pci -> new JsonString(pci.toString()))
        .put("args", pairs.build())
        .put("capabilityArgs", capabilityArgs)
        .put("structuredArgs", structuredArgs)
        .build();
  }

  /// The delegate that [#toJson] wrote; empty for anything else.
  public static Optional<Delegate> fromJson(JsonObject json) {
    if (json.get("network").orElse(json) instanceof JsonString(String network)
        && json.get("ifname").orElse(json) instanceof JsonString(String ifname)
        && json.get("config").orElse(JsonObject.of()) instanceof JsonObject config
        && json.get("args").orElse(JsonObject.of()) instanceof JsonObject pairs
        && json.get("capabilityArgs").orElse(JsonObject.of()) instanceof JsonObject capabilityArgs
        && json.get("structuredArgs").orElse(JsonObject.of())
            instanceof JsonObject structuredArgs) {
      Map<String, String> args = new LinkedHashMap<>();
      for (Map.Entry<String, JsonValue> pair : pairs.members().entrySet()) {
        if (pair.getValue() instanceof JsonString(String value)) {
          args.put(pair.getKey(), value);
        }
      }
      Optional<PciAddress> device =
          json.get("device").orElse(json) instanceof JsonString(String pci)
              ? PciAddress.parse(pci)
              : Optional.empty();
      return Optional.of(
          new Delegate(network, ifname, config, device, args, capabilityArgs, structuredArgs));
    }
    return Optional.empty();
  }
}
