package dev.podbond.cli.multus;

import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonReader;
import dev.podbond.json.JsonString;
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

  /// The delegate that [#toJson] wrote.
  public static <X extends Exception> Delegate read(JsonReader<X> in) throws X {
    Map<String, String> args = new LinkedHashMap<>();
    JsonReader<X> pairs = in.requireObject("args");
    for (String key : pairs.object().members().keySet()) {
      args.put(key, pairs.requireString(key));
    }
    return new Delegate(
        in.requireString("network"),
        in.requireString("ifname"),
        in.requireObject("config").object(),
        in.parsed("device", "a PCI address", PciAddress::parse),
        args,
        in.requireObject("capabilityArgs").object(),
        in.requireObject("structuredArgs").object());
  }
}
