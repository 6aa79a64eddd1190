package dev.podbond.cluster.object;

import dev.podbond.cluster.source.LocatedException;
import dev.podbond.cluster.source.Position;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads a NetworkAttachmentDefinition.
final class NetworkAttachmentReader {
  private NetworkAttachmentReader() {}

  static NetworkAttachment read(
      ObjectKey key, JsonObject manifest, Map<String, String> annotations, Fields top)
      throws LocatedException {
    Fields spec = top.requiredObject("spec").onlyKnowing(Set.of("config"));
    String text = spec.requiredString("config");
    Position at = spec.at("config");
    return new NetworkAttachment(
        key,
        top.at(),
        manifest,
        Optional.ofNullable(annotations.get(NetworkAttachment.RESOURCE_NAME)),
        Optional.ofNullable(annotations.get(NetworkAttachment.OWNER)),
        text,
        config(key, at, spec, text));
  }

  /// The configuration for a delegate; it gets the network's own name if it has none.
  private static JsonObject config(ObjectKey key, Position at, Fields spec, String text)
      throws LocatedException {
    JsonObject config;
    try {
      config = Json.parseObject(text);
    } catch (JsonException e) {
      throw spec.notJson("config", text, "not a JSON object", e);
    }
    boolean list = config.find("plugins").orElse(config) instanceof JsonArray;
    boolean plugin = config.find("type").orElse(config) instanceof JsonString;
    if (!list && !plugin) {
      throw new LocatedException(
          at,
          key.toString(),
          "spec.config has neither \"type\" (one plugin) nor \"plugins\" (a list of them)");
    }
    if (config.find("name").isEmpty()) {
      return config.with("name", new JsonString(key.name()));
    }
    return config;
  }
}
