package dev.podbond.cli.runtime;

import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniResult;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonValue;
import java.util.Map;
import java.util.Optional;

/// Adds the runtime's members to a plugin's configuration (CNI specification, section "Deriving
/// execution configuration from plugin configuration").
final class PluginInput {

  private PluginInput() {}

  /// The configuration for a verb about one attachment.
  static JsonObject forAttachment(
      NetworkList network,
      NetworkConfig plugin,
      ContainerAttachment attachment,
      Optional<CniResult> prevResult)
      throws CniException {
    JsonObject json = named(network, plugin);
    json = withRuntimeConfig(json, plugin, attachment.capabilityArgs());
    if (!attachment.structuredArgs().isEmpty()) {
      JsonObject args =
          JsonObject.builder().putAll(plugin.args()).putAll(attachment.structuredArgs()).build();
      json = set(json, "args", args);
    }
    return prevResult.isPresent()
        ? set(json, "prevResult", prevResult.get().toJson(network.version()))
        : json.withoutAny("prevResult");
  }

  /// The configuration that all calls have in common.
  static JsonObject named(NetworkList network, NetworkConfig plugin) {
    JsonObject json = plugin.json().withoutAny("name").withoutAny("cniVersion");
    return JsonObject.builder()
        .put("cniVersion", network.version().text())
        .put("name", network.name())
        .putAll(json)
        .build();
  }

  private static JsonObject withRuntimeConfig(
      JsonObject json, NetworkConfig plugin, JsonObject capabilityArgs) throws CniException {
    JsonObject.Builder declared = JsonObject.builder();
    for (Map.Entry<String, JsonValue> arg : capabilityArgs.members().entrySet()) {
      if (plugin.hasCapability(arg.getKey())) {
        declared.put(arg.getKey(), arg.getValue());
      }
    }
    JsonObject runtimeConfig = declared.build();
    return runtimeConfig.isEmpty() ? json : set(json, "runtimeConfig", runtimeConfig);
  }

  /// Sets a member and removes all other spellings that Go would treat as the same.
  private static JsonObject set(JsonObject json, String key, JsonValue value) {
    return json.withoutAny(key).with(key, value);
  }
}
