package dev.podbond.plugins.attachment;

import dev.podbond.bonding.config.NodeSettings;
import dev.podbond.bonding.config.PodNetworks;
import dev.podbond.bonding.config.Standing;
import dev.podbond.cni.plugin.Invocation;
import dev.podbond.cni.spec.CniException;
import dev.podbond.json.Json;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonException;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What Multus says of the networks of a pod. Before it calls for the first of them it writes them
/// all to `<cniDir>/<container id>`: a list of delegates, each with the text of its configuration
/// (`saveDelegates`, `DelegateNetConf`). On stdin a plugin of a list and one alone look the same,
/// since libcni gives both name and version, and sorts their keys.
///
/// The file is Multus' own affair: whatever is not as expected counts as not known.
public final class MultusNetworks {
  /// Far more than a pod's networks take. The text of configurations is small in memory, but what a
  /// network's author puts into the rest of a delegate is not.
  private static final int MAX_BYTES = 128 * 1024;

  private MultusNetworks() {}

  /// What is known when a call comes.
  public static PodNetworks of(Invocation call, NodeSettings settings) {
    if (call.config().json().find("ifname").isEmpty()) {
      return PodNetworks.UNKNOWN;
    }
    try {
      Path file = Path.of(settings.multusDirectory(), call.containerId());
      return Files.isRegularFile(file) ? read(file, call) : PodNetworks.UNKNOWN;
    } catch (IOException | JsonException | CniException | RuntimeException _) {
      return PodNetworks.UNKNOWN;
    }
  }

  /// One at a time, so that many calls at once need the memory of one.
  private static synchronized PodNetworks read(Path file, Invocation call)
      throws IOException, JsonException, CniException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES || !(Json.parse(bytes) instanceof JsonArray delegates)) {
      return PodNetworks.UNKNOWN;
    }
    Set<String> others = new HashSet<>();
    List<Standing> standings = new ArrayList<>();
    for (int i = 0; i < delegates.elements().size(); i++) {
      if (delegates.elements().get(i) instanceof JsonObject delegate) {
        String asked = text(delegate, "ifnameRequest");
        String name = asked.isEmpty() ? "net" + i : asked;
        if (!name.equals(call.ifname())) {
          others.add(name);
        } else {
          standings.add(asked.isEmpty() ? standing(delegate, call) : Standing.ASKED_FOR);
        }
      }
    }
    return new PodNetworks(standings.size() == 1 ? standings.getFirst() : Standing.UNKNOWN, others);
  }

  /// As Multus has it: what has a type is one plugin, anything else a list of them.
  private static Standing standing(JsonObject delegate, Invocation call)
      throws JsonException, CniException {
    String type = call.config().type().orElse("");
    JsonObject config =
        Json.parseObject(
            new String(
                Base64.getDecoder().decode(text(delegate, "Bytes")), StandardCharsets.UTF_8));
    if (!text(config, "name").equals(call.config().name())) {
      return Standing.UNKNOWN;
    }
    if (!text(config, "type").isEmpty()) {
      return text(config, "type").equals(type) ? Standing.LAST : Standing.UNKNOWN;
    }
    List<String> types = new ArrayList<>();
    if (config.find("plugins").orElse(config) instanceof JsonArray plugins) {
      for (JsonValue plugin : plugins.elements()) {
        types.add(plugin instanceof JsonObject object ? text(object, "type") : "");
      }
    }
    if (!types.contains(type)) {
      return Standing.UNKNOWN;
    }
    return types.indexOf(type) == types.size() - 1 ? Standing.LAST : Standing.FOLLOWED;
  }

  private static String text(JsonObject object, String key) {
    return Optional.of(object.find(key).orElse(object))
        .map(value -> value instanceof JsonString(String text) ? text : "")
        .orElse("");
  }
}
