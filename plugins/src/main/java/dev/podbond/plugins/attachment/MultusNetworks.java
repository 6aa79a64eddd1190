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

/// What Multus says of the networks of a pod. Before its first call Multus writes them all to
/// `<cniDir>/<container id>`: a list of delegates, each with the text of its configuration
/// (`saveDelegates`, `DelegateNetConf`). Stdin does not show whether a plugin stands alone or in a
/// list, since libcni adds name and version to both and sorts their keys.
///
/// The file belongs to Multus: if anything in it is unexpected, the networks count as unknown.
public final class MultusNetworks {
  /// Far more than a pod's networks need. The limit protects memory: the text of configurations
  /// takes little, but an author may put anything into the rest of a delegate.
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

  /// Reads one file at a time, so that many concurrent calls need the memory of one.
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

  /// Follows Multus: a delegate with a type is one plugin, any other is a list of plugins.
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
