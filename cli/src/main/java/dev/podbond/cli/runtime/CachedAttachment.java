package dev.podbond.cli.runtime;

import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import dev.podbond.value.AttachmentKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The cached form of a successful ADD, which the Go library calls `cniCacheV1`.
///
/// @param network the name of the network
/// @param attachment the arguments that the plugins got
/// @param config the configuration of the network as text
/// @param result the result in the layout of the configured version
record CachedAttachment(
    String network, ContainerAttachment attachment, String config, JsonObject result) {

  static final String KIND = "cniCacheV1";

  AttachmentKey id() {
    return attachment.id();
  }

  JsonObject toJson() {
    byte[] configBytes = config.getBytes(StandardCharsets.UTF_8);
    return JsonObject.builder()
        .put("kind", KIND)
        .put("containerId", attachment.containerId())
        .put("config", Base64.getEncoder().encodeToString(configBytes))
        .put("ifName", attachment.ifname())
        .put("networkName", network)
        .putIfPresent("netns", attachment.netns(), path -> new JsonString(path.toString()))
        .putIfPresent(
            "cniArgs",
            Optional.of(attachment.args()).filter(args -> !args.isEmpty()),
            CachedAttachment::pairs)
        .putIfPresent(
            "capabilityArgs",
            Optional.of(attachment.capabilityArgs()).filter(args -> !args.isEmpty()))
        .put("result", result)
        .build();
  }

  private static JsonArray pairs(Map<String, String> args) {
    return new JsonArray(
        args.entrySet().stream()
            .<JsonValue>map(pair -> JsonArray.ofStrings(List.of(pair.getKey(), pair.getValue())))
            .toList());
  }

  /// Reads a cache file.
  ///
  /// @throws JsonException if it is corrupt or of another kind
  static CachedAttachment parse(byte[] bytes) throws JsonException {
    JsonObject json = Json.parseObject(bytes);
    if (!string(json, "kind").equals(KIND)) {
      throw new JsonException("kind is \"" + string(json, "kind") + "\", not " + KIND);
    }
    ContainerAttachment attachment =
        new ContainerAttachment(
            string(json, "containerId"),
            netns(json),
            string(json, "ifName"),
            pairs(json),
            json.find("capabilityArgs").orElse(JsonObject.of()) instanceof JsonObject object
                ? object
                : JsonObject.of(),
            JsonObject.of());
    if (!(json.find("result").orElse(JsonObject.of()) instanceof JsonObject result)) {
      throw new JsonException("result is not an object");
    }
    return new CachedAttachment(
        string(json, "networkName"), attachment, decoded(string(json, "config")), result);
  }

  private static String decoded(String base64) throws JsonException {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new JsonException("config is not base64: " + e.getMessage());
    }
  }

  private static Map<String, String> pairs(JsonObject json) throws JsonException {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (json.find("cniArgs").orElse(JsonArray.of()) instanceof JsonArray array) {
      for (JsonValue element : array.elements()) {
        if (!(element instanceof JsonArray(List<JsonValue> pair))
            || pair.size() != 2
            || !(pair.getFirst() instanceof JsonString(String key))
            || !(pair.getLast() instanceof JsonString(String value))) {
          throw new JsonException("cniArgs is not a list of pairs: " + element);
        }
        pairs.put(key, value);
      }
    }
    return pairs;
  }

  private static Optional<Path> netns(JsonObject json) throws JsonException {
    String text = string(json, "netns");
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      throw new JsonException("netns is not a path: " + e.getMessage());
    }
  }

  private static String string(JsonObject json, String key) throws JsonException {
    JsonValue value = json.find(key).orElse(new JsonString(""));
    if (value instanceof JsonString(String text)) {
      return text;
    }
    throw new JsonException(key + " is not a string: " + value);
  }
}
