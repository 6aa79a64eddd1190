package dev.podbond.cluster.object;

import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/// The plugins in a network's configuration, which is that of one plugin, with `type`, or a list of
/// them, with `plugins`. Nothing else of it need be valid.
public final class NetworkPlugins {
  private static final String TYPE = "type";
  private static final String PLUGINS = "plugins";
  private static final String NAME = "name";

  private NetworkPlugins() {}

  /// Changes one plugin.
  @FunctionalInterface
  public interface Change {
    /// The plugin's new configuration.
    ///
    /// @param isLast whether no other plugin follows it
    JsonObject of(JsonObject plugin, boolean isLast);
  }

  /// The configurations of the plugins, in order, each with the name of the network. If there are
  /// both `type` and `plugins`, which readers take differently, the one plugin is the first.
  public static List<JsonObject> of(JsonObject network) {
    List<JsonObject> plugins = new ArrayList<>();
    if (network.find(TYPE).isPresent()) {
      plugins.add(network);
    }
    if (network.find(PLUGINS).orElse(network) instanceof JsonArray(List<JsonValue> elements)) {
      JsonValue name = network.find(NAME).orElse(new JsonString(""));
      for (JsonValue element : elements) {
        if (element instanceof JsonObject plugin) {
          plugins.add(plugin.with(NAME, name));
        }
      }
    }
    return plugins;
  }

  /// The configuration of the network with each plugin's changed.
  public static JsonObject changed(JsonObject network, Change change) {
    if (network.find(TYPE).isPresent()
        || !(network.find(PLUGINS).orElse(network) instanceof JsonArray(List<JsonValue> plugins))) {
      return change.of(network, true);
    }
    List<JsonValue> changed = new ArrayList<>();
    for (int i = 0; i < plugins.size(); i++) {
      JsonValue element = plugins.get(i);
      changed.add(
          element instanceof JsonObject plugin
              ? change.of(plugin, i == plugins.size() - 1)
              : element);
    }
    return network.withoutAny(PLUGINS).with(PLUGINS, new JsonArray(changed));
  }
}
