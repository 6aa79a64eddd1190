package dev.podbond.cli.runtime;

import dev.podbond.cni.spec.CniErrorCode;
import dev.podbond.cni.spec.CniException;
import dev.podbond.cni.spec.CniNames;
import dev.podbond.cni.spec.CniVersion;
import dev.podbond.cni.spec.NetworkConfig;
import dev.podbond.json.JsonArray;
import dev.podbond.json.JsonBoolean;
import dev.podbond.json.JsonObject;
import dev.podbond.json.JsonString;
import dev.podbond.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A network as administrators configure it: plugins to run in order (CNI specification, section
/// "Network configuration format").
///
/// @param name the name of the network
/// @param version the version that all plugins get
/// @param disableCheck true if CHECK must not be run
/// @param plugins the configuration of each plugin, as written
/// @param json the whole document
public record NetworkList(
    String name,
    CniVersion version,
    boolean disableCheck,
    List<NetworkConfig> plugins,
    JsonObject json) {

  /// Copies the list.
  public NetworkList {
    plugins = List.copyOf(plugins);
  }

  /// Reads a list, or the configuration of a single plugin, which becomes a list of one. It uses
  /// the newest known version from `cniVersions` and `cniVersion`.
  ///
  /// @throws CniException with code 6 or 7 if the text is not a valid list, with code 1 if it has
  ///   no known version
  public static NetworkList parse(String text) throws CniException {
    NetworkConfig document = NetworkConfig.parse(text);
    CniNames.requireNetworkName(document.name());
    JsonObject json = document.json();
    List<NetworkConfig> plugins = inlined(document);
    if (plugins.isEmpty()) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG, "network " + document.name() + " has no plugins");
    }
    for (NetworkConfig plugin : plugins) {
      if (plugin.type().isEmpty()) {
        throw new CniException(
            CniErrorCode.INVALID_CONFIG,
            "network " + document.name() + ": a plugin has no type",
            plugin.text());
      }
    }
    return new NetworkList(
        document.name(), newestKnown(document), flag(json, "disableCheck"), plugins, json);
  }

  private static List<NetworkConfig> inlined(NetworkConfig document) throws CniException {
    Optional<JsonValue> plugins = document.json().find("plugins");
    if (plugins.isEmpty()) {
      return List.of(document);
    }
    if (!(plugins.get() instanceof JsonArray array)) {
      throw wrongType("plugins", "an array", plugins.get());
    }
    List<NetworkConfig> configs = new ArrayList<>();
    for (JsonValue element : array.elements()) {
      if (!(element instanceof JsonObject object)) {
        throw wrongType("plugins", "an array of objects", element);
      }
      configs.add(new NetworkConfig(object));
    }
    return configs;
  }

  private static CniVersion newestKnown(NetworkConfig document) throws CniException {
    List<String> offered = new ArrayList<>();
    Optional<JsonValue> list = document.json().find("cniVersions");
    if (list.isPresent()) {
      if (!(list.get() instanceof JsonArray array)) {
        throw wrongType("cniVersions", "an array", list.get());
      }
      for (JsonValue element : array.elements()) {
        if (!(element instanceof JsonString(String version))) {
          throw wrongType("cniVersions", "an array of strings", element);
        }
        offered.add(version);
      }
    }
    if (offered.isEmpty() || document.json().find("cniVersion").isPresent()) {
      offered.add(document.versionText());
    }
    return offered.stream()
        .map(CniVersion::of)
        .flatMap(Optional::stream)
        .max(CniVersion::compareTo)
        .orElseThrow(() ->
            new CniException(
                CniErrorCode.INCOMPATIBLE_VERSION,
                "incompatible CNI versions",
                "config is " + offered + ", known are " + CniVersion.all()));
  }

  /// A flag; like the Go library, this accepts it as a string too.
  private static boolean flag(JsonObject json, String key) throws CniException {
    Optional<JsonValue> value = json.find(key);
    if (value.isEmpty()) {
      return false;
    }
    return switch (value.get()) {
      case JsonBoolean literal -> literal.value();
      case JsonString(String text) when text.equalsIgnoreCase("true") -> true;
      case JsonString(String text) when text.equalsIgnoreCase("false") -> false;
      default -> throw wrongType(key, "true or false", value.get());
    };
  }

  private static CniException wrongType(String key, String expected, JsonValue found) {
    return new CniException(
        CniErrorCode.DECODING_FAILURE,
        key + " must be " + expected + ", found " + found.kind() + " " + found);
  }
}
